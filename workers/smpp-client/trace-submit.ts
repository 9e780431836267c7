/** What a carrier was sent and answered, and what it told of itself, for those who ask why. */
import type { Pdu } from "#workers/smpp/pdu.ts";
import type { Answer } from "#workers/smpp/session.ts";
import type { Bind } from "#workers/smpp-client/bind.ts";
import { noBytes, wireTrace } from "#workers/wire-trace.ts";

/** @property durationMs from when it was handed to the bind */
export type Submitted = { partNumber: number; sent: Buffer; answer: Answer; durationMs: number };

export function traceSubmit(bind: Bind, messageId: string, { partNumber, sent, answer, durationMs }: Submitted): void {
  if (!wireTrace.isOn) return;
  const response = answer.kind === "response" ? answer.pdu.octets : undefined;
  wireTrace.add({
    kind: "sent",
    key: messageId,
    part: partNumber,
    atMs: Date.now(),
    durationMs,
    about: bind.about,
    request: sent,
    response: response ?? noBytes,
  });
}

/** Under the carrier's id as it wrote it: which message that means is found later. */
export function traceReceipt(about: string, carrierId: string, { octets, read_at_ms: readAtMs }: Pdu, at: Date): void {
  if (!wireTrace.isOn || !octets) return;
  const atMs = at.getTime();
  const durationMs = atMs - (readAtMs ?? atMs);
  wireTrace.add({
    kind: "receipt",
    key: carrierId,
    part: 0,
    atMs,
    durationMs,
    about,
    request: octets,
    response: noBytes,
  });
}
