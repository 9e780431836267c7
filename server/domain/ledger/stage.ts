/** Charge stages: where a message's money stands. With its rate and parts, the stage determines the money at every hop. */

export const chargeStage = {
  /** Accepted by us: held at every hop. */
  held: 1,
  /** The carrier took it: posted at hops that charge on acceptance, still held at hops that charge on delivery. */
  carried: 2,
  /** Delivered: posted at every hop. */
  settled: 3,
  /** Ended before a carrier took it: given back at every hop. */
  voided: 4,
  /** Ended undelivered after a carrier took it: hops that charge on acceptance keep it, the others give it back. */
  lapsed: 5,
} as const;
export type ChargeStage = (typeof chargeStage)[keyof typeof chargeStage];

export type HopState = "held" | "posted" | "voided";

/** What a stage means at a hop with this rule. */
export function hopState(stage: ChargeStage, postOn: "accepted" | "delivered"): HopState {
  switch (stage) {
    case chargeStage.held:
      return "held";
    case chargeStage.carried:
      return postOn === "accepted" ? "posted" : "held";
    case chargeStage.settled:
      return "posted";
    case chargeStage.voided:
      return "voided";
    case chargeStage.lapsed:
      return postOn === "accepted" ? "posted" : "voided";
  }
}

/** Stages only move forward; the three last are final. */
export function mayMove(from: ChargeStage, to: ChargeStage): boolean {
  if (from === chargeStage.held) return to !== chargeStage.held;
  return from === chargeStage.carried && (to === chargeStage.settled || to === chargeStage.lapsed);
}
