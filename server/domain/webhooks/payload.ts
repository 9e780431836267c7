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

/** Put together by hand, which takes a third of JSON.stringify's time; what people wrote still goes through it. */
export function messageJson(message: MessageFacts, { status, errorCode, at }: Happening): string {
  const timestamp = momentJson(at);
  const price = priceOf(message);
  return (
    `{"type":"message.${status}","timestamp":${timestamp},"data":{"id":"${message.id}",` +
    `"reference":${textJson(message.reference)},"to":${textJson(message.msisdn)},` +
    `"sender":${textJson(message.sender)},"status":"${status}","errorCode":${textJson(errorCode)},` +
    `"parts":${message.parts},"price":${price === null ? "null" : JSON.stringify(price)},` +
    `"campaignId":${textJson(message.campaignId)},"possibleDuplicate":${message.possibleDuplicate},` +
    `"acceptedAt":${momentJson(message.createdAt)},"sentAt":${momentJson(message.sentAt)},` +
    `"doneAt":${status === "sent" ? "null" : momentJson(message.doneAt)}}}`
  );
}

const textJson = (text: string | null): string => (text === null ? "null" : JSON.stringify(text));

const minuteMs = 60_000;
let minute = Number.NaN;
let minuteText = "";
/** As JSON writes a date; moments that are told one after the other share their minute. */
function momentJson(at: Date | null): string {
  if (at === null) return "null";
  const atMs = at.getTime();
  if (!(atMs >= 0)) return JSON.stringify(at);
  const ofMinute = atMs % minuteMs;
  if (atMs - ofMinute !== minute) {
    minute = atMs - ofMinute;
    minuteText = at.toISOString().slice(0, -7);
  }
  const seconds = Math.floor(ofMinute / 1_000);
  const ms = ofMinute % 1_000;
  return `"${minuteText}${seconds < 10 ? "0" : ""}${seconds}.${ms < 10 ? "00" : ms < 100 ? "0" : ""}${ms}Z"`;
}

/** At the tenant's own edge only: what it pays, and whether that is final. */
function priceOf({ unitPriceMicros, currency, postOn, parts, stage }: MessageFacts) {
  if (unitPriceMicros === null || currency === null || postOn === null) return null;
  return { amount: formatMicros(unitPriceMicros * BigInt(parts), currency), currency, state: hopState(stage, postOn) };
}

export type Body = { id: string; body: string };

/**
 * One event as it is, or a list. A list's id follows from its events, so that the same list again has the same id, and
 * names the first of them and their number, so that the list is found by it (server/domain/messages/look-up.ts).
 * @param isList endpoints with a batch size above one always get lists, also of one
 */
export function bodyOf(deliveries: readonly Delivery[], isList: boolean): Body {
  const [first] = deliveries;
  if (!first) throw new Error("A request carries at least one event.");
  if (!isList) return { id: first.eventId, body: first.json };
  const events = deliveries.map(({ eventId, json }) => `{"id":"${eventId}",${json.slice(1)}`);
  const latest = Math.max(...deliveries.map(({ at }) => at.getTime()));
  return {
    id: `bat_${first.messageId}_${deliveries.length}_${namedId(...deliveries.map(({ eventId }) => eventId)).slice(-12)}`,
    body: `{"type":"batch","timestamp":"${new Date(latest).toISOString()}","data":{"events":[${events.join(",")}]}}`,
  };
}
