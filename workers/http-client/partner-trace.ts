/** What a partner was sent and answered, without secrets, for those who ask why. */
import { decodeText } from "#server/domain/routing/http-body.ts";
import {
  exchangeText,
  type HttpRequest,
  requestText,
  secretMasker,
  secretsOf,
} from "#server/domain/routing/http-request.ts";
import type { Exchanged } from "#workers/http-client/exchange.ts";
import type { SendingConnector } from "#workers/smpp-client/carrier.ts";
import { noBytes, wireTrace } from "#workers/wire-trace.ts";

/** @property fromMs of the performance clock, when the request was handed over */
type Asked = { request: HttpRequest; got: Exchanged; token: string; fromMs: number };

export class PartnerTrace {
  private readonly about: string;
  private readonly mask: (text: string) => string;
  private token = { text: "", mask: (text: string) => text };

  constructor({ id, host, port, password }: SendingConnector, user: string) {
    this.about = JSON.stringify({ connectorId: id, peer: `${host}:${port}`, protocol: "http" });
    this.mask = secretMasker(secretsOf(user, password ?? ""));
  }

  sent(messageId: string, asked: Asked): void {
    if (asked.got.kind !== "unsent") this.add("sent", messageId, asked, Date.now());
  }

  /** Under the partner's id as it wrote it. */
  receipt(carrierId: string, { receivedAt, ...asked }: Asked & { receivedAt: Date }): void {
    this.add("receipt", carrierId, asked, receivedAt.getTime());
  }

  private add(kind: "sent" | "receipt", key: string, { request, got, token, fromMs }: Asked, atMs: number): void {
    if (!wireTrace.isOn) return;
    if (token !== this.token.text) this.token = { text: token, mask: secretMasker([token]) };
    const { mask } = this;
    const shown = (text: string) => Buffer.from(this.token.mask(mask(text)));
    wireTrace.add({
      kind,
      key,
      part: 0,
      atMs,
      durationMs: performance.now() - fromMs,
      about: this.about,
      request: shown(requestText(request)),
      response: got.kind === "answer" ? shown(answerText(got.answer)) : noBytes,
    });
  }
}

type Answer = Extract<Exchanged, { kind: "answer" }>["answer"];

const answerText = ({ status, headers, bytes, contentType }: Answer): string =>
  exchangeText(`HTTP ${status}`, headers, decodeText(bytes.subarray(0, mostShown), contentType));

/** More is cut off where it is kept. */
const mostShown = 4_096;
