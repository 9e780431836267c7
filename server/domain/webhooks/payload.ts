/** What receivers read: the events' JSON, the ids by which they know them again, and the lists of batched requests. */
import { type ChargeStage, hopState } from "#server/domain/ledger/stage.ts";
import type { Delivery } from "#server/domain/webhooks/work.ts";
import { namedId } from "#server/kernel/id.ts";
import { formatMicros } from "#server/kernel/money.ts";

export type MessageFacts = {
  id: string;
  reference: string | null;
  msisdn: string;
  sender: string;
  parts: number;
  campaignId: string | null;
  possibleDuplicate: boolean;
  createdAt: Date;
  sentAt: Date | null;
  doneAt: Date | null;
  stage: ChargeStage;
  /** Of the tenant's own order; null where it buys from nobody. */
  unitPriceMicros: bigint | null;
  currency: string | null;
  postOn: "accepted" | "delivered" | null;
};

/** What happened, as the queue has it. */
export type Happening = { status: string; errorCode: string | null; at: Date };

export const messageEventId = (messageId: string, status: string): string => `msg_${messageId}_${status}`;

export function messageJson(message: MessageFacts, { status, errorCode, at }: Happening): string {
  return JSON.stringify({
    type: `message.${status}`,
    timestamp: at,
    data: {
      id: message.id,
      reference: message.reference,
      to: message.msisdn,
      sender: message.sender,
      status,
      errorCode,
      parts: message.parts,
      price: priceOf(message),
      campaignId: message.campaignId,
      possibleDuplicate: message.possibleDuplicate,
      acceptedAt: message.createdAt,
      sentAt: message.sentAt,
      doneAt: status === "sent" ? null : message.doneAt,
    },
  });
}

/** At the tenant's own edge only: what it pays, and whether that is final. */
function priceOf({ unitPriceMicros, currency, postOn, parts, stage }: MessageFacts) {
  if (unitPriceMicros === null || currency === null || postOn === null) return null;
  return { amount: formatMicros(unitPriceMicros * BigInt(parts), currency), currency, state: hopState(stage, postOn) };
}

export type Body = { id: string; body: string };

/**
 * One event as it is, or a list. A list's id follows from its events: the same list again has the same id.
 * @param isList endpoints with a batch size above one always get lists, also of one
 */
export function bodyOf(deliveries: readonly Delivery[], isList: boolean): Body {
  const [first] = deliveries;
  if (!first) throw new Error("A request carries at least one event.");
  if (!isList) return { id: first.eventId, body: first.json };
  const events = deliveries.map(({ eventId, json }) => `{"id":"${eventId}",${json.slice(1)}`);
  const latest = Math.max(...deliveries.map(({ at }) => at.getTime()));
  return {
    id: `bat_${namedId(...deliveries.map(({ eventId }) => eventId))}`,
    body: `{"type":"batch","timestamp":"${new Date(latest).toISOString()}","data":{"events":[${events.join(",")}]}}`,
  };
}
