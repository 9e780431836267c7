/** GET /api/v1/messages and /api/v1/messages/{id}: what became of what was sent. */
import type { MessageRow } from "#server/domain/messages/find.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import { listMessages } from "#server/domain/messages/list.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { parse } from "#server/kernel/parse.ts";
import { byId, messageDetail, messagePage, messageQuery } from "#workers/gateway/bodies.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";

export const messageEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/api/v1/messages",
    operationId: "listMessages",
    summary: "Messages of the account and of those below it, newest first.",
    scope: "messages.read",
    query: messageQuery,
    status: 200,
    answer: messagePage,
    async handle({ ctx, query }) {
      const { status, ...rest } = parse(messageQuery, query);
      const page = await listMessages(ctx, { ...rest, ...(status ? { status: [status] } : {}) });
      return { items: page.items.map(messageView), nextCursor: page.nextCursor };
    },
  },
  {
    method: "GET",
    path: "/api/v1/messages/{id}",
    operationId: "getMessage",
    summary: "One message with its timeline and what it costs the account.",
    scope: "messages.read",
    params: byId,
    status: 200,
    answer: messageDetail,
    async handle({ ctx, params }) {
      const found = await getMessage(ctx, parse(byId, params));
      const timeline = found.timeline.map(({ at, kind, partNumber, detail }) => ({
        at: at.toISOString(),
        kind,
        part: partNumber,
        detail,
      }));
      const prices = found.money.map(({ orderId, unitPriceMicros, totalMicros, currency, state }) => ({
        orderId,
        unitPrice: { amount: formatMicros(unitPriceMicros, currency), currency },
        parts: found.parts,
        total: { amount: formatMicros(totalMicros, currency), currency },
        state,
      }));
      return { ...messageView(found), timeline, prices };
    },
  },
];

export const messageView = (row: MessageRow) => ({
  id: row.id,
  sender: row.sender,
  to: row.msisdn,
  text: row.text,
  class: row.trafficClass,
  status: row.status,
  errorCode: row.errorCode,
  possibleDuplicate: row.possibleDuplicate,
  parts: row.parts,
  encoding: row.encoding,
  operator: row.operatorId,
  reference: row.reference,
  campaignId: row.campaignId,
  createdAt: row.createdAt.toISOString(),
  validUntil: row.validUntil.toISOString(),
  sentAt: row.sentAt?.toISOString() ?? null,
  doneAt: row.doneAt?.toISOString() ?? null,
});
