/** Hands claimed messages to a partner over HTTP as fast as window and rate allow, and gathers what became of each. */
import type { MessageExtras } from "#server/domain/delivery/load-extras.ts";
import {
  type ClaimedMessage,
  type MessageResult,
  type PartResult,
  wholeMessage,
} from "#server/domain/delivery/work.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { buildRequest, messageValues } from "#server/domain/routing/http-request.ts";
import { readAnswer } from "#server/domain/routing/http-verdict.ts";
import type { Exchange } from "#workers/http-client/exchange.ts";
import type { HttpLink } from "#workers/http-client/link.ts";
import { answerSeconds, requestCount } from "#workers/http-client/metrics.ts";
import type { PartnerTrace } from "#workers/http-client/partner-trace.ts";
import type { TokenKeeper } from "#workers/http-client/token-keeper.ts";
import type { SenderHandlers, SendingConnector } from "#workers/smpp-client/carrier.ts";
import { RateLimit } from "#workers/smpp-client/rate-limit.ts";

export type HttpParts = {
  description: HttpDescription;
  secret: string;
  exchange: Exchange;
  tokens: TokenKeeper;
  link: HttpLink;
  trace: PartnerTrace;
};

export class HttpDispatch {
  private waiting: ClaimedMessage[] = [];
  private open = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly rate: RateLimit;
  /** Changes while it runs. */
  errors: ErrorTable;

  constructor(
    private readonly connector: SendingConnector,
    private readonly parts: HttpParts,
    private readonly handlers: SenderHandlers,
  ) {
    this.rate = new RateLimit(connector.maxPerSecond, Date.now());
    this.errors = new ErrorTable(connector.errors);
  }

  get openCount(): number {
    return this.open;
  }

  get room(): number {
    if (this.waiting.length > 0) return 0;
    return Math.max(0, Math.min(this.freeSlots, this.rate.available(Date.now())));
  }

  get rateWaitMs(): number {
    return this.waiting.length === 0 && this.rate.available(Date.now()) < 1 ? this.rate.waitMs() : 0;
  }

  get capacity(): number {
    return this.parts.link.slots;
  }

  private get freeSlots(): number {
    const { link } = this.parts;
    return link.slots - link.usedSlots;
  }

  send(messages: readonly ClaimedMessage[], _extras: ReadonlyMap<string, MessageExtras>): void {
    for (const message of messages) {
      this.open += 1;
      // The partner has it from an earlier attempt.
      if (message.partsDone.length > 0) this.finish(message, []);
      else this.waiting.push(message);
    }
    this.pump();
  }

  giveBack(why: string): void {
    for (const message of this.waiting.splice(0)) this.settle(message, { kind: "unsent", why });
  }

  pump(): void {
    clearTimeout(this.timer);
    if (this.parts.link.slots === 0) this.giveBack("the partner is away");
    while (this.waiting.length > 0) {
      if (this.dropOverdue()) continue;
      if (this.freeSlots <= 0) return;
      if (!this.rate.take(Date.now())) {
        this.timer = setTimeout(() => this.pump(), Math.max(1, this.rate.waitMs()));
        return;
      }
      const next = this.waiting.shift();
      if (next) void this.submit(next);
    }
  }

  /** Its validity ended while it waited for a slot or the rate: it is expired, not delivered late. */
  private dropOverdue(): boolean {
    const [next] = this.waiting;
    if (!next || next.validUntil.getTime() > Date.now()) return false;
    this.waiting.shift();
    this.settle(next, { kind: "unsent", why: "validity over" });
    return true;
  }

  private async submit(message: ClaimedMessage): Promise<void> {
    const { link } = this.parts;
    link.usedSlots += 1;
    const fromMs = performance.now();
    // Whatever goes wrong before the request leaves is no fate of the message.
    const result = await this.exchangeFor(message).catch((error: Error): Outcome => {
      link.failed(error.message);
      return { kind: "unsent", why: error.message };
    });
    link.usedSlots -= 1;
    if (result.kind !== "unsent") {
      answerSeconds.observe({ connector: this.connector.id }, (performance.now() - fromMs) / 1_000);
    }
    this.settle(message, result);
    this.pump();
    this.handlers.onRoom();
  }

  private async exchangeFor(message: ClaimedMessage): Promise<Outcome> {
    const { description, secret, exchange, tokens, link } = this.parts;
    const token = await tokens.get();
    const values = messageValues(message, Date.now());
    const request = buildRequest(description, description.auth, values, { secret, token });
    const fromMs = performance.now();
    const got = await exchange.send(request);
    this.parts.trace.sent(message.id, { request, got, token, fromMs });
    if (got.kind === "unsent") {
      link.failed(got.why);
      return got;
    }
    if (got.kind === "lost") {
      link.missed(got.why);
      return got;
    }
    const outcome = readAnswer(description, got.answer, this.errors);
    if (outcome.kind === "closed") {
      tokens.drop();
      link.failed(`the partner refuses requests: ${outcome.why}`);
      return { kind: "unsent", why: outcome.why };
    }
    if (outcome.kind === "lost") {
      link.missed(outcome.why);
      return outcome;
    }
    link.answered();
    if (outcome.kind === "accepted") {
      this.rate.answered("accepted");
      return { kind: "accepted", carrierId: outcome.carrierId ?? message.id };
    }
    const { verdict, code, reason } = outcome;
    if (verdict === "throttle") this.rate.answered("throttle");
    return { kind: "refused", verdict, code, ...(reason ? { reason } : {}) };
  }

  private settle(message: ClaimedMessage, outcome: Outcome): void {
    const result = outcome.kind === "refused" ? outcome.verdict : outcome.kind;
    requestCount.inc({ connector: this.connector.id, result });
    this.finish(message, [{ partNumber: message.parts > 1 ? wholeMessage : 1, ...outcome }]);
  }

  private finish({ id, leasedAt }: ClaimedMessage, parts: PartResult[]): void {
    this.open -= 1;
    this.handlers.onResult({ messageId: id, parts, at: new Date(), leasedAt });
  }
}

type WithoutNumber<T> = T extends PartResult ? Omit<T, "partNumber"> : never;
type Outcome = WithoutNumber<MessageResult["parts"][number]>;
