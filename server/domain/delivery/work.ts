/** What passes between the delivery room and the workers that hold the connections. */
import type { ErrorReason, ErrorVerdict } from "#server/domain/routing/error-codes.ts";

/** A message that this worker, and nobody else, is to put on the wire now. */
export type ClaimedMessage = {
  id: string;
  tenantId: string;
  sender: string;
  msisdn: string;
  text: string;
  encoding: "gsm7" | "ucs2";
  trafficClass: "otp" | "transactional" | "bulk";
  parts: number;
  /** Parts that the carrier took at an earlier attempt: they are not sent again. */
  partsDone: number[];
  validUntil: Date;
  /** Names this claim: an answer to an earlier one is told from an answer to this. */
  leasedAt: Date;
};

/** Stands in the place of a part's number when the carrier got all parts in one PDU, and gave one id for them. */
export const wholeMessage = 0;

/** What became of one part, or of all (`wholeMessage`). `unsent` certainly never left; `lost` may have reached the carrier. */
export type PartResult = { partNumber: number } & (
  | { kind: "accepted"; carrierId: string }
  | { kind: "refused"; verdict: ErrorVerdict; code: string; reason?: ErrorReason }
  | { kind: "lost"; why: string }
  | { kind: "unsent"; why: string }
);
export type MessageResult = {
  messageId: string;
  parts: PartResult[];
  at: Date;
  /** Of the claim that it answers. */
  leasedAt: Date;
};

export type ReceiptState =
  | "ENROUTE"
  | "DELIVRD"
  | "EXPIRED"
  | "DELETED"
  | "UNDELIV"
  | "ACCEPTD"
  | "UNKNOWN"
  | "REJECTD";

export type IncomingReceipt = {
  /** As the carrier wrote it. */
  carrierId: string;
  state: ReceiptState;
  errorCode: string | null;
  /** What the error means, where it is known. */
  reason?: ErrorReason | undefined;
  msisdn: string;
  sender: string;
  userMessageReference: number | null;
  text: string;
  receivedAt: Date;
};

export type PartOutcome = "delivered" | "undelivered" | "expired";

/** Null: not the end; more is to come. */
export function outcomeOf(state: ReceiptState): PartOutcome | null {
  switch (state) {
    case "DELIVRD":
      return "delivered";
    case "EXPIRED":
      return "expired";
    case "UNDELIV":
    case "DELETED":
    case "REJECTD":
      return "undelivered";
    default:
      return null;
  }
}

/** Stands as lease_owner of a queue row whose message has an unknown fate: nobody's to send, but not forgotten. */
export const unknownOwner = "unknown";
