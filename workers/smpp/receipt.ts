/** Delivery receipts: the text of SMPP 3.4 appendix B, and the TLVs that say the same more safely. */

import { decodeText } from "#workers/smpp/data-coding.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";

export const receiptStates = [
  "ENROUTE",
  "DELIVRD",
  "EXPIRED",
  "DELETED",
  "UNDELIV",
  "ACCEPTD",
  "UNKNOWN",
  "REJECTD",
] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** message_state, SMPP 3.4 section 5.2.28 (0 SCHEDULED and 9 SKIPPED are of 5.0). */
const stateByNumber: Record<number, ReceiptState> = {
  0: "ENROUTE",
  1: "ENROUTE",
  2: "DELIVRD",
  3: "EXPIRED",
  4: "DELETED",
  5: "UNDELIV",
  6: "ACCEPTD",
  7: "UNKNOWN",
  8: "REJECTD",
};
export const numberOfState: Record<ReceiptState, number> = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
};

export type Receipt = {
  carrierId: string;
  state: ReceiptState;
  /** The carrier's own error, `err:` or network_error_code; null when none. */
  errorCode: string | null;
  /** The error is one of GSM networks, the same at every carrier (SMPP 3.4 section 5.3.2.31). */
  isGsmError: boolean;
  /** The handset. */
  msisdn: string;
  sender: string;
  userMessageReference: number | null;
  /** As the carrier wrote it, for the timeline. */
  text: string;
};

/** esm_class bits 5–2 (SMPP 3.4 section 5.2.12): 0001 is a delivery receipt. */
export const isReceipt = (pdu: Pdu): boolean =>
  ((pdu.esm_class ?? 0) & 0x3c) === 0x04 || (pdu.receipted_message_id !== undefined && pdu.message_state !== undefined);

/** Null when neither text nor TLVs name a message and its state. */
export function parseReceipt(pdu: Pdu): Receipt | null {
  const body = pdu.short_message?.length ? pdu.short_message : (pdu.message_payload ?? Buffer.alloc(0));
  const text = decodeText(body, pdu.data_coding ?? 0);
  const carrierId = pdu.receipted_message_id?.trim() || idField.exec(text)?.[1];
  const state = stateByNumber[pdu.message_state ?? -1] ?? stateOf(stateField.exec(text)?.[1]);
  if (!carrierId || !state) return null;
  const { network_error_code: network, source_addr: source = "" } = pdu;
  const ofNetwork = networkError(network);
  return {
    carrierId,
    state,
    errorCode: ofNetwork ?? nonZero(errorField.exec(text)?.[1]),
    isGsmError: ofNetwork !== null && network?.[0] === gsmNetwork,
    msisdn: source.startsWith("+") ? source.slice(1) : source,
    sender: pdu.destination_addr ?? "",
    userMessageReference: pdu.user_message_reference ?? null,
    text: text.slice(0, 255),
  };
}

/** Fields stand in any order, in any case, with or without a space after the colon. */
const field = (name: string): RegExp => new RegExp(`(?:^|\\s)${name}:\\s*(\\S+)`, "i");
const idField = field("id");
const stateField = field("stat");
const errorField = field("err");

function stateOf(word: string | undefined): ReceiptState | undefined {
  // Some carriers write the word out: DELIVERED, REJECTED. Five letters tell all eight apart.
  const start = word?.toUpperCase().slice(0, 5);
  return start?.length === 5 ? receiptStates.find((state) => state.startsWith(start)) : undefined;
}

const nonZero = (code: string | undefined): string | null => (code && !/^0*$/.test(code) ? code : null);

const gsmNetwork = 3;

/** One octet of network type, two of error, SMPP 3.4 section 5.3.2.31. */
function networkError(bytes: Buffer | undefined): string | null {
  if (bytes?.length !== 3) return null;
  return nonZero(String(bytes.readUInt16BE(1)));
}

export type ReceiptText = {
  carrierId: string;
  state: ReceiptState;
  errorCode: string;
  submittedAt: Date;
  doneAt: Date;
  text: string;
  /** IANA zone of the dates; UTC when left out. */
  zone?: string;
};

/** As appendix B writes it, times to the minute. */
export function formatReceipt(receipt: ReceiptText): string {
  const delivered = receipt.state === "DELIVRD" ? "001" : "000";
  return (
    `id:${receipt.carrierId} sub:001 dlvrd:${delivered} submit date:${minute(receipt.submittedAt, receipt.zone)} ` +
    `done date:${minute(receipt.doneAt, receipt.zone)} stat:${receipt.state} err:${receipt.errorCode} text:${receipt.text.slice(0, 20)}`
  );
}

const minuteMs = 60_000;
const maxRemembered = 2_000;
/** By zone, then by the number of the minute: receipts of one moment share theirs. */
const remembered = new Map<string, Map<number, string>>();

/** YYMMDDhhmm. */
function minute(at: Date, zone = "UTC"): string {
  const number = Math.floor(at.getTime() / minuteMs);
  let known = remembered.get(zone);
  const text = known?.get(number);
  if (text !== undefined) return text;
  if (!known || known.size >= maxRemembered) {
    known = new Map();
    remembered.set(zone, known);
  }
  const made = zone === "UTC" ? at.toISOString().slice(2, 16).replace(/\D/g, "") : minuteIn(zone, at);
  known.set(number, made);
  return made;
}

function minuteIn(zone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "2-digit",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "00";
  return part("year") + part("month") + part("day") + part("hour") + part("minute");
}
