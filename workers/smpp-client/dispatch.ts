/** Puts claimed messages on the wire as fast as windows and rate allow, and gathers what became of each. */
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import type { MessageExtras } from "#server/domain/delivery/load-extras.ts";
import type { ClaimedMessage, MessageResult, PartResult } from "#server/domain/delivery/work.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Answer } from "#workers/smpp/session.ts";
import type { Bind } from "#workers/smpp-client/bind.ts";
import { buildSubmits, type PartToSend } from "#workers/smpp-client/build-submit.ts";
import { countSubmit, responseSeconds } from "#workers/smpp-client/metrics.ts";
import { RateLimit } from "#workers/smpp-client/rate-limit.ts";
import { traceSubmit } from "#workers/smpp-client/trace-submit.ts";

/** @property results null until there is one: most messages have one part, whose result is the only one. */
type Attempt = { message: ClaimedMessage; expected: number; results: PartResult[] | null; isBegun: boolean };
type Waiting = { attempt: Attempt; part: PartToSend };

export type DispatchHandlers = {
  onResult(result: MessageResult): void;
  /** Slots became free. */
  onRoom(): void;
};

export class Dispatch {
  private waiting: Waiting[] = [];
  private open = 0;
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private isRoomNew = false;
  private readonly rate: RateLimit;
  private readonly labels: { connector: string };
  /** Changes while it runs: an edited table needs no new bind. */
  errors: ErrorTable;

  constructor(
    private readonly connector: WorkerConnector,
    private readonly binds: readonly Bind[],
    private readonly handlers: DispatchHandlers,
  ) {
    this.rate = new RateLimit(connector.maxPerSecond, Date.now());
    this.errors = new ErrorTable(connector.errors);
    this.labels = { connector: connector.id };
  }

  /** Messages that were handed in and have no result yet. */
  get openCount(): number {
    return this.open;
  }

  /** How many messages there is room for now: none while parts of earlier ones wait for a slot. */
  get room(): number {
    if (this.waiting.length > 0) return 0;
    const slots = this.binds.reduce((sum, bind) => sum + bind.freeSlots, 0);
    return Math.min(slots, this.rate.available(Date.now()));
  }

  /** How long until the rate allows one more; 0 when it is not the rate that holds things up. */
  get rateWaitMs(): number {
    return this.waiting.length === 0 && this.rate.available(Date.now()) < 1 ? this.rate.waitMs() : 0;
  }

  /** All slots there are, used or free, of the binds that are up. */
  get capacity(): number {
    return this.binds.reduce((sum, bind) => sum + bind.freeSlots + (bind.mayTransmit ? bind.usedSlots : 0), 0);
  }

  /** @param extras of those that have some, by id */
  send(messages: readonly ClaimedMessage[], extras: ReadonlyMap<string, MessageExtras>): void {
    const nowMs = Date.now();
    for (const message of messages) {
      const parts = buildSubmits(message, this.connector, extras.get(message.id), nowMs);
      const attempt: Attempt = { message, expected: parts.length, results: null, isBegun: false };
      this.open += 1;
      if (parts.length === 0) this.finish(attempt, []);
      for (const part of parts) this.waiting.push({ attempt, part });
    }
    this.pump();
  }

  /** Gives back what has not been sent: nobody is bound, or the worker stops. */
  giveBack(why: string): void {
    for (const { attempt, part } of this.waiting.splice(0)) {
      this.settle(attempt, { partNumber: part.partNumber, kind: "unsent", why });
    }
  }

  pump(): void {
    clearTimeout(this.timer);
    if (this.waiting.length > 0 && !this.binds.some((bind) => bind.isBound && bind.mayTransmit)) {
      this.giveBack("not bound");
    }
    while (this.waiting.length > 0) {
      if (this.dropOverdue()) continue;
      const bind = this.nextBind();
      if (!bind) return;
      if (!this.rate.take(Date.now())) {
        this.timer = setTimeout(() => this.pump(), Math.max(1, this.rate.waitMs()));
        return;
      }
      const next = this.waiting.shift();
      if (next) this.submit(bind, next);
    }
  }

  /** Its validity ended while it waited for a slot or the rate: it is expired, not delivered late. */
  private dropOverdue(): boolean {
    const [next] = this.waiting;
    if (!next || next.attempt.isBegun || next.attempt.message.validUntil.getTime() > Date.now()) return false;
    this.waiting.shift();
    this.settle(next.attempt, { partNumber: next.part.partNumber, kind: "unsent", why: "validity over" });
    return true;
  }

  private nextBind(): Bind | null {
    for (let tried = 0; tried < this.binds.length; tried += 1) {
      this.turn = (this.turn + 1) % this.binds.length;
      const bind = this.binds[this.turn];
      if (bind && bind.freeSlots > 0) return bind;
    }
    return null;
  }

  private submit(bind: Bind, { attempt, part: { partNumber, fields } }: Waiting): void {
    attempt.isBegun = true;
    const fromMs = performance.now();
    bind.submit(fields, (answer, sent) => {
      const durationMs = performance.now() - fromMs;
      if (sent) traceSubmit(bind, attempt.message.id, { partNumber, sent, answer, durationMs });
      const result = this.resultOf(partNumber, answer);
      countSubmit(this.connector.id, result.kind === "refused" ? result.verdict : result.kind);
      if (answer.kind === "response" && answer.isLate) {
        this.report(attempt, [result]);
        return;
      }
      responseSeconds.observe(this.labels, durationMs / 1_000);
      this.settle(attempt, result);
      this.makeUseOfRoom();
    });
  }

  /** Once for all answers that came together. */
  private makeUseOfRoom(): void {
    if (this.isRoomNew) return;
    this.isRoomNew = true;
    queueMicrotask(() => {
      this.isRoomNew = false;
      this.pump();
      this.handlers.onRoom();
    });
  }

  private resultOf(partNumber: number, answer: Answer): PartResult {
    if (answer.kind !== "response") return { partNumber, kind: answer.kind, why: answer.why };
    const { command, command_status: status, message_id: carrierId = "" } = answer.pdu;
    if (status === commandStatus.ok) {
      this.rate.answered("accepted");
      // A nack that says "no error" says nothing about the message.
      return command === "generic_nack"
        ? { partNumber, kind: "lost", why: "malformed" }
        : { partNumber, kind: "accepted", carrierId };
    }
    const { verdict, code, reason } = this.errors.ofSubmit(status);
    if (verdict === "throttle") this.rate.answered("throttle");
    return { partNumber, kind: "refused", verdict, code, ...(reason ? { reason } : {}) };
  }

  private settle(attempt: Attempt, result: PartResult): void {
    let { results } = attempt;
    if (results) results.push(result);
    else {
      results = [result];
      attempt.results = results;
    }
    if (result.kind === "refused" && result.verdict === "fail") this.withdraw(attempt, results);
    if (results.length === attempt.expected) this.finish(attempt, results);
  }

  /** One part refused for good: the others would be paid for and could not be read. */
  private withdraw(attempt: Attempt, results: PartResult[]): void {
    const own = this.waiting.filter((waiting) => waiting.attempt === attempt);
    if (own.length === 0) return;
    this.waiting = this.waiting.filter((waiting) => waiting.attempt !== attempt);
    for (const { part } of own) {
      results.push({ partNumber: part.partNumber, kind: "unsent", why: "another part was refused" });
    }
  }

  private finish(attempt: Attempt, results: PartResult[]): void {
    this.open -= 1;
    this.report(attempt, results);
  }

  private report({ message }: Attempt, parts: PartResult[]): void {
    this.handlers.onResult({ messageId: message.id, parts, at: new Date(), leasedAt: message.leasedAt });
  }
}
