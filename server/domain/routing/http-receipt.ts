/** Receipts as a partner tells them, in a call to us or in the answer to a question: which message, and what became of it. Pure. */
import { BodyReader, type HttpBody } from "#server/domain/routing/http-body.ts";
import type { HttpDescription, receiptMeanings } from "#server/domain/routing/http-description.ts";

type State = "ENROUTE" | "DELIVRD" | "EXPIRED" | "DELETED" | "UNDELIV" | "ACCEPTD" | "UNKNOWN" | "REJECTD";
export type HttpReceipt = {
  /** The partner's, or ours: as the description says. */
  id: string;
  state: State;
  /** The partner's own word. */
  said: string;
  errorCode: string | null;
  /** Digits; empty when the partner does not say it. */
  msisdn: string;
};

type Telling = Exclude<HttpDescription["receipts"], { kind: "none" }>;
type Callback = Extract<HttpDescription["receipts"], { kind: "callback" }>;

/** Of one call. */
const mostReceipts = 1_000;

/** @returns those that can be read; none of them when the call holds nothing that the description asks for */
export function readCallback(callback: Callback, body: HttpBody): HttpReceipt[] {
  const from = callback.status?.from === "xml" ? "xml" : "json";
  return new BodyReader(body).list(from, callback.list, mostReceipts).flatMap((one) => {
    const id = callback.id ? one.read(callback.id) : null;
    const receipt = id === null ? null : readReceipt(callback, one, id);
    return receipt ? [{ ...receipt, msisdn: digits(callback.to ? one.read(callback.to) : null) }] : [];
  });
}

/** @returns null when the answer says nothing (yet) */
export function readPollAnswer(poll: Telling, body: HttpBody, id: string): HttpReceipt | null {
  return readReceipt(poll, new BodyReader(body), id);
}

function readReceipt({ status, error, states }: Telling, body: BodyReader, id: string): HttpReceipt | null {
  const said = status ? body.read(status) : null;
  if (said === null) return null;
  const own = states.find(({ value }) => value.toLowerCase() === said.toLowerCase());
  return {
    id,
    said,
    state: own ? meanings[own.means] : (words[said.toLowerCase()] ?? "UNKNOWN"),
    errorCode: error ? body.read(error) : null,
    msisdn: "",
  };
}

const meanings: Record<(typeof receiptMeanings)[number], State> = {
  delivered: "DELIVRD",
  undelivered: "UNDELIV",
  expired: "EXPIRED",
  rejected: "REJECTD",
  on_its_way: "ENROUTE",
};

/** What needs no line in the table: SMPP 3.4 appendix B, and the words for them that leave no doubt. */
const words: Record<string, State> = {
  delivrd: "DELIVRD",
  delivered: "DELIVRD",
  undeliv: "UNDELIV",
  undelivered: "UNDELIV",
  undeliverable: "UNDELIV",
  failed: "UNDELIV",
  expired: "EXPIRED",
  deleted: "DELETED",
  rejectd: "REJECTD",
  rejected: "REJECTD",
  acceptd: "ACCEPTD",
  accepted: "ACCEPTD",
  enroute: "ENROUTE",
  queued: "ENROUTE",
  pending: "ENROUTE",
  sent: "ENROUTE",
};

const digits = (text: string | null): string => (text ?? "").replaceAll(/\D/g, "");
