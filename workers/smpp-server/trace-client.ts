/** What clients' binds sent us and were told, for those who ask why. */
import type { Bytes, Pdu } from "#workers/smpp/pdu.ts";
import type { Answer } from "#workers/smpp/session.ts";
import { noBytes, wireTrace } from "#workers/wire-trace.ts";

type Peer = { readonly about: string };

/** @param id that it was answered with: a message's, a part's (id.number), or of a submit to many its batch's */
export function traceRequest(peer: Peer, id: string, pdu: Pdu, answer: Bytes | null): void {
  if (!wireTrace.isOn || !pdu.octets) return;
  const [key = id, part] = id.split(".");
  const atMs = Date.now();
  wireTrace.add({
    kind: "smpp",
    key,
    part: Number(part ?? 0),
    atMs,
    durationMs: atMs - (pdu.read_at_ms ?? atMs),
    about: peer.about,
    request: pdu.octets,
    response: answer ?? noBytes,
  });
}

/** @property fromMs of the performance clock, when it was handed to the bind */
export type Told = { sent: Bytes; answer: Answer; fromMs: number };

export function traceTold(peer: Peer, messageId: string, { sent, answer, fromMs }: Told): void {
  if (!wireTrace.isOn) return;
  wireTrace.add({
    kind: "told",
    key: messageId,
    part: 0,
    atMs: Date.now(),
    durationMs: performance.now() - fromMs,
    about: peer.about,
    request: sent,
    response: (answer.kind === "response" ? answer.pdu.octets : undefined) ?? noBytes,
  });
}
