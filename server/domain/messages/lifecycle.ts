/** The life of a message: which status may follow which, where its money stands then, and what the reports count. */
import { type ChargeStage, chargeStage, mayMove } from "#server/domain/ledger/stage.ts";
import type { Counters } from "#server/domain/messages/count.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";

/**
 * Forward only. The one way back to `queued` is a send that certainly did not reach the carrier, or one whose route
 * says that a lost answer is sent again.
 */
const next: Record<MessageStatus, readonly MessageStatus[]> = {
  review: ["queued", "rejected", "cancelled", "expired"],
  queued: ["sending", "sent", "delivered", "undelivered", "failed", "expired", "unknown", "cancelled"],
  sending: ["queued", "sent", "delivered", "undelivered", "failed", "expired", "unknown", "cancelled"],
  unknown: ["queued", "sending", "sent", "delivered", "undelivered", "failed", "expired", "cancelled"],
  sent: ["delivered", "undelivered", "failed", "expired"],
  delivered: [],
  undelivered: [],
  failed: [],
  expired: [],
  cancelled: [],
  rejected: [],
};

export const isFinal = (status: MessageStatus): boolean => next[status].length === 0;

export type Standing = { status: MessageStatus; stage: ChargeStage };

type Wish = { status: MessageStatus; stage?: ChargeStage; isReturn?: boolean };

/** Where the message stands after the move, or null when the move goes back or nowhere. */
export function advance(now: Standing, to: Wish): Standing | null {
  const returns = to.isReturn === true && now.status === "queued" && to.status === "queued";
  if (!returns && !next[now.status].includes(to.status)) return null;
  const stage = to.stage ?? stageOf(to.status, now.stage);
  if (stage !== now.stage && !mayMove(now.stage, stage)) return null;
  return { status: to.status, stage };
}

/** The stage that a status means when the caller does not say: what ends before a carrier took it is given back. */
function stageOf(status: MessageStatus, now: ChargeStage): ChargeStage {
  switch (status) {
    case "sent":
      return chargeStage.carried;
    case "delivered":
      return chargeStage.settled;
    // Only a carrier that took the message can say that the handset did not get it.
    case "undelivered":
      return chargeStage.lapsed;
    case "failed":
    case "expired":
      return now === chargeStage.carried ? chargeStage.lapsed : chargeStage.voided;
    case "cancelled":
    case "rejected":
      return chargeStage.voided;
    default:
      return now;
  }
}

const stageCounter = {
  [chargeStage.held]: "heldParts",
  [chargeStage.carried]: "carriedParts",
  [chargeStage.settled]: "settledParts",
  [chargeStage.voided]: "voidedParts",
  [chargeStage.lapsed]: "lapsedParts",
} as const satisfies Record<ChargeStage, keyof Counters>;

/** What the move adds to the reports' counters, and takes from them. */
export function countersOf(from: Standing, to: Standing, parts: number): Counters {
  const counters: Counters = {
    unknownCount: Number(to.status === "unknown") - Number(from.status === "unknown"),
    deliveredCount: Number(to.status === "delivered"),
    failedCount: Number(isFinal(to.status) && to.status !== "delivered"),
  };
  if (from.stage === to.stage) return counters;
  counters[stageCounter[from.stage]] = -parts;
  counters[stageCounter[to.stage]] = parts;
  counters.sentCount = Number(from.stage === chargeStage.held && to.stage !== chargeStage.voided);
  return counters;
}
