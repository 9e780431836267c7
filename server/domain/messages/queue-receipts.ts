/** Queues what clients are to be told of their messages, in the transaction that changes them: by SMPP and by webhook. */
import { plainArray, textArray } from "#db/arrays.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { isFinal } from "#server/domain/messages/lifecycle.ts";
import { queueMessageEvents } from "#server/domain/webhooks/queue-events.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

/** The channel on which the workers that tell clients by SMPP listen; the payload is the account's id. */
export const outgoingReceiptsChannel = "outgoing_receipts";

/** Whom to tell of a message's end, as SMPP 3.4 section 5.2.17 counts. */
export const receiptWish = { never: 0, always: 1, onFailure: 2 } as const;

export type ChangedMessage = {
  id: string;
  tenantId: string;
  source: string;
  /** The API key or the SMPP account that it came from. */
  originId: string | null;
  receipt: number;
  status: MessageStatus;
  errorCode: string | null;
  sentAt?: Date | null;
  doneAt: Date | null;
};

/** One row for each message and receiver. Call it once for a message and a status: accepted by the carrier, or final. */
export async function queueReceipts(ctx: InTx, changed: readonly ChangedMessage[]): Promise<void> {
  const told = changed.filter((message) => isWanted(message) && (message.status === "sent" || isFinal(message.status)));
  if (told.length === 0) return;
  await Promise.all([
    queueForBinds(
      ctx,
      told.filter(({ source, status }) => source === "smpp" && isFinal(status)),
    ),
    queueMessageEvents(
      ctx,
      told.map((message) => ({
        ...message,
        at: (message.status === "sent" ? message.sentAt : message.doneAt) ?? null,
      })),
    ),
  ]);
}

async function queueForBinds(ctx: InTx, ended: readonly ChangedMessage[]): Promise<void> {
  const rows = ended.filter(({ originId }) => originId !== null);
  if (rows.length === 0) return;
  const now = ctx.clock.now();
  const accounts = rows.map(({ originId }) => originId ?? "");
  const distinct = [...new Set(accounts)];
  const insert = ctx.tx.sql`
    insert into outgoing_receipts (id, channel, ready_at, tenant_id, receiver_id, message_id, status, error_code, at)
    select id, 'smpp', ${now}::timestamptz, tenant_id, receiver_id, message_id, status, error_code, at
    from unnest(${plainArray(rows.map(() => newId()))}::uuid[], ${plainArray(rows.map((r) => r.tenantId))}::uuid[],
      ${plainArray(accounts)}::uuid[], ${plainArray(rows.map((r) => r.id))}::uuid[],
      ${plainArray(rows.map((r) => r.status))}::text[], ${textArray(rows.map((r) => r.errorCode))}::text[],
      ${plainArray(rows.map((r) => (r.doneAt ?? now).toISOString()))}::timestamptz[])
      as r (id, tenant_id, receiver_id, message_id, status, error_code, at)`;
  await Promise.all([
    insert,
    ctx.tx.sql`select pg_notify(${outgoingReceiptsChannel}, id) from unnest(${plainArray(distinct)}::text[]) as r (id)`,
  ]);
}

const isWanted = ({ receipt, status }: ChangedMessage): boolean =>
  receipt === receiptWish.always || (receipt === receiptWish.onFailure && status !== "delivered" && status !== "sent");
