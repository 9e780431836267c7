/** Asks a partner what became of messages, as often and as long as its description says. */
import { asIncoming } from "#server/domain/delivery/http-receipts.ts";
import {
  type AskedPoll,
  adoptOwnIds,
  duePolls,
  type Poll,
  recordPolls,
} from "#server/domain/delivery/receipt-polls.ts";
import { type IncomingReceipt, outcomeOf } from "#server/domain/delivery/work.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { readPollAnswer } from "#server/domain/routing/http-receipt.ts";
import { buildRequest, pollValues } from "#server/domain/routing/http-request.ts";
import type { Context } from "#server/kernel/context.ts";
import type { HttpDispatch, HttpParts } from "#workers/http-client/dispatch.ts";
import { pollCount } from "#workers/http-client/metrics.ts";
import type { SendingConnector } from "#workers/smpp-client/carrier.ts";
import { Chore } from "#workers/smpp-client/chore.ts";
import { RateLimit } from "#workers/smpp-client/rate-limit.ts";
import { WriteBehind } from "#workers/smpp-client/write-behind.ts";

type PollDescription = Extract<HttpDescription["receipts"], { kind: "poll" }>;
/** @property onReceipt calls `confirm` once the receipt is written */
export type PollerHost = {
  ctx: Context;
  owner: string;
  onReceipt(receipt: IncomingReceipt, confirm: () => void): void;
};

const lookEveryMs = 1_000;
const mostAtOnce = 8;
const batch = 200;
/** Where the connector has no limit of its own. */
const usualPerSecond = 50;

export class Poller {
  private isStopping = false;
  private readonly chore: Chore;
  private readonly rate: RateLimit;
  private readonly asked: WriteBehind<AskedPoll>;

  constructor(
    private readonly connector: SendingConnector,
    private readonly poll: PollDescription,
    private readonly parts: HttpParts,
    private readonly dispatch: HttpDispatch,
    private readonly host: PollerHost,
  ) {
    this.chore = new Chore("polls", lookEveryMs, () => this.look());
    this.rate = new RateLimit(connector.maxPerSecond || usualPerSecond, Date.now());
    const write = (asked: AskedPoll[]) => recordPolls(host.ctx, { polling: poll, asked });
    const onPoison = () => {};
    this.asked = new WriteBehind({
      name: "polls",
      maxItems: batch,
      gather: { quietMs: 25, mostMs: 50 },
      write,
      onPoison,
    });
  }

  start(): void {
    this.chore.start();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.chore.stop();
    await this.asked.flush();
  }

  /** All that is due; each batch is written before the next one is read, so that none is asked twice. */
  private async look(): Promise<void> {
    const { ctx, owner } = this.host;
    for (;;) {
      if (this.isStopping || !this.parts.link.isBound) return;
      const due = await duePolls(ctx, { connectorId: this.connector.id, owner, limit: batch });
      if (due.length === 0) return;
      const queue = due.values();
      await Promise.all(Array.from({ length: Math.min(mostAtOnce, due.length) }, () => this.askAll(queue)));
      await this.asked.flush();
    }
  }

  private async askAll(queue: Iterator<Poll> & Iterable<Poll>): Promise<void> {
    for (const poll of queue) {
      if (this.isStopping) return;
      while (!this.rate.take(Date.now())) {
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, this.rate.waitMs())));
      }
      await this.ask(poll);
    }
  }

  private async ask(poll: Poll): Promise<void> {
    const { description, secret, exchange, tokens } = this.parts;
    const token = await tokens.get().catch(() => "");
    const request = buildRequest(this.poll, description.auth, pollValues(poll, Date.now()), { secret, token });
    const fromMs = performance.now();
    const got = await exchange.send(request);
    const isAnswer = got.kind === "answer" && got.answer.isWhole && got.answer.status < 300;
    const receipt = isAnswer ? readPollAnswer(this.poll, got.answer, poll.carrierId) : null;
    const isFinal = receipt !== null && outcomeOf(receipt.state) !== null;
    const result = isFinal ? "final" : isAnswer ? "open" : "unanswered";
    pollCount.inc({ connector: this.connector.id, result });
    if (receipt && isFinal) {
      const receivedAt = new Date();
      this.parts.trace.receipt(poll.carrierId, { request, got, token, fromMs, receivedAt });
      await this.hand(poll, asIncoming(receipt, this.dispatch.errors, receivedAt));
    } else this.asked.add({ ...poll, isDone: false });
  }

  /** Resolves when it is written: until then the question stays. */
  private async hand(poll: Poll, receipt: IncomingReceipt): Promise<void> {
    const { id: connectorId } = this.connector;
    if (this.poll.idIs === "ours") await adoptOwnIds(this.host.ctx, { connectorId, ids: [poll.messageId] });
    await new Promise<void>((done) => this.host.onReceipt(receipt, done));
    this.asked.add({ ...poll, isDone: true });
  }
}
