/** Drives one connector while this worker holds its lease: binds, claims, sends, writes answers and receipts. */
import { claim } from "#server/domain/delivery/claim.ts";
import { expireSilent } from "#server/domain/delivery/expire-silent.ts";
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import { loadExtras, type MessageExtras } from "#server/domain/delivery/load-extras.ts";
import { matchParked } from "#server/domain/delivery/match-parked.ts";
import { moveWaiting } from "#server/domain/delivery/move-waiting.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import { recoverLeases } from "#server/domain/delivery/recover-leases.ts";
import { releaseOrphans } from "#server/domain/delivery/release-orphans.ts";
import type { ConnectorReport } from "#server/domain/delivery/report-binds.ts";
import type { ClaimedMessage, IncomingReceipt, MessageResult } from "#server/domain/delivery/work.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import type { ContractBook } from "#server/domain/throughput/book.ts";
import type { ConnectorRate } from "#server/domain/throughput/report-rates.ts";
import { Shares } from "#server/domain/throughput/shares.ts";
import type { Context } from "#server/kernel/context.ts";
import { log } from "#server/kernel/log.ts";
import { openPartner } from "#workers/http-client/open-partner.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { isReceipt, parseReceipt } from "#workers/smpp/receipt.ts";
import type { BindCommand, Session } from "#workers/smpp/session.ts";
import { AnswersFirst } from "#workers/smpp-client/answers-first.ts";
import { Bind, RetryGate } from "#workers/smpp-client/bind.ts";
import type { Carrier } from "#workers/smpp-client/carrier.ts";
import { Dispatch } from "#workers/smpp-client/dispatch.ts";
import { boundGauge, inFlightGauge, receiptCount, writeSeconds } from "#workers/smpp-client/metrics.ts";
import { traceReceipt } from "#workers/smpp-client/trace-submit.ts";
import { WriteBehind } from "#workers/smpp-client/write-behind.ts";

type Incoming = { receipt: IncomingReceipt; confirm(status: number): void };

/** Claims wait this long for a better share of the window to be free, so that each is worth its transaction. */
const gatherMs = 5;
/** While the queue is emptied as fast as it fills, claims keep this far apart: one may bring what two would. */
const paceMs = 40;
/** More of them share a transaction; a carrier whose window of receipts is full sends no more, and is not kept waiting. */
const receiptBatches = { maxItems: 500, enough: 300, writers: 2, gather: { quietMs: 8, mostMs: 100 } };
/** Nobody waits for an answer to be written but its receipt, and that comes later. */
const gatherResults = { quietMs: 20, mostMs: 120 };
/** Contracts let more through in portions worth a claim. */
const heldMs = 25;
const drainTimeoutMs = 15_000;

export class Driver {
  private readonly binds: Carrier["links"];
  private readonly dispatch: Carrier["dispatch"];
  private readonly polling: Carrier["polling"];
  private readonly mostInHand: number;
  private readonly results: WriteBehind<MessageResult>;
  private readonly receipts: WriteBehind<Incoming>;
  private readonly answersFirst: AnswersFirst<Incoming>;
  private isStopping = false;
  private unboundFromMs: number | null = performance.now();
  private movedTo: string | null = null;
  private notation: WorkerConnector["receiptNotation"];
  private isClaiming = false;
  private claimedAtMs = 0;
  private mayHaveMore = true;
  /** The last claim brought less than there was room for. */
  private isKeepingUp = true;
  /** Claimed, and not yet written back. */
  private readonly inHand = new Set<string>();
  private gather: NodeJS.Timeout | undefined;
  private held: NodeJS.Timeout | undefined;
  private readonly shares: Shares;
  /** Whom its receipts come from, for those who ask later. */
  private readonly about: string;
  private takenCount = 0;
  private rate = { perSecond: 0, atMs: performance.now() };

  constructor(
    private readonly ctx: Context,
    readonly connector: WorkerConnector,
    private readonly owner: string,
    private readonly fleet: { book: ContractBook; onBindsChange(driver: Driver): void },
  ) {
    this.shares = new Shares(fleet.book);
    this.about = JSON.stringify({ connectorId: connector.id, peer: `${connector.host}:${connector.port}` });
    this.notation = connector.receiptNotation;
    const carrier = this.open(connector);
    this.binds = carrier.links;
    this.dispatch = carrier.dispatch;
    this.polling = carrier.polling;
    this.mostInHand = carrier.mostInHand ?? Number.POSITIVE_INFINITY;
    const results = { name: "results", maxItems: 500, gather: gatherResults, ...this.resultWriter() };
    const receipts = { name: "receipts", ...receiptBatches, ...this.receiptWriter() };
    this.results = new WriteBehind(results);
    this.receipts = new WriteBehind(receipts);
    this.answersFirst = new AnswersFirst((incoming) => this.receipts.add(incoming));
  }

  private open(connector: WorkerConnector): Carrier {
    const onChange = () => this.changed();
    const sending = {
      onResult: (result: MessageResult) => {
        this.answersFirst.answered(result);
        this.results.add(result);
      },
      onRoom: () => this.wake(),
    };
    if (connector.http) {
      const { ctx, owner } = this;
      const onReceipt = (receipt: IncomingReceipt, confirm: () => void) => this.answersFirst.add({ receipt, confirm });
      return openPartner(connector, connector.http, { ...sending, onChange, ctx, owner, onReceipt });
    }
    const gate = new RetryGate();
    const handlers = { onDeliver: (session: Session, pdu: Pdu) => this.deliver(session, pdu), onChange };
    const binds = bindCommands(connector).map(
      (command, index) => new Bind(connector, index + 1, command, gate, handlers),
    );
    return { links: binds, dispatch: new Dispatch(connector, binds, sending) };
  }

  get boundCount(): number {
    return this.binds.filter((bind) => bind.isBound).length;
  }

  /** How long the claim under way takes already. */
  claimingMs(nowMs: number): number {
    return this.isClaiming ? nowMs - this.claimedAtMs : 0;
  }

  async start(): Promise<void> {
    const { id: connectorId } = this.connector;
    const found = await recoverLeases(this.ctx, { connectorId, owner: this.owner });
    if (found > 0) log.warn({ connectorId, messages: found }, "a worker died with these on the wire");
    for (const bind of this.binds) bind.start();
  }

  /** It is bound and about to do nothing: when something waits, somebody has to tell it. */
  get isIdle(): boolean {
    return !this.isStopping && !this.isClaiming && this.gather === undefined && this.dispatch.capacity > 0;
  }

  hasInHand(messageId: string): boolean {
    return this.inHand.has(messageId);
  }

  /** What needs no new bind: the carrier's table of errors, and how it writes ids. */
  learn({ errors, receiptNotation }: WorkerConnector): void {
    this.dispatch.errors = new ErrorTable(errors);
    this.notation = receiptNotation;
  }

  /** There may be work: the queue was written to. */
  notify(): void {
    this.mayHaveMore = true;
    this.wake();
  }

  /** Stops claiming, waits for the window, writes everything, unbinds. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.gather);
    clearTimeout(this.held);
    this.dispatch.giveBack("the worker stops");
    const untilMs = Date.now() + Math.min(drainTimeoutMs, this.connector.responseTimeoutMs + 1_000);
    while ((this.dispatch.openCount > 0 || this.isClaiming) && Date.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.dispatch.giveBack("the worker stops");
    }
    await this.results.flush();
    await this.receipts.flush();
    await Promise.all(this.binds.map((bind) => bind.stop()));
    await this.results.flush();
    await this.receipts.flush();
  }

  private get room(): number {
    return Math.min(this.dispatch.room, this.mostInHand - this.inHand.size);
  }

  private wake(): void {
    if (this.isStopping || this.isClaiming || !this.mayHaveMore) return;
    const { room } = this;
    const { rateWaitMs } = this.dispatch;
    if (room <= 0 && rateWaitMs === 0) return;
    const pauseMs = this.isKeepingUp ? this.claimedAtMs + paceMs - performance.now() : 0;
    if (room * 4 >= this.dispatch.capacity && pauseMs <= 0) void this.claimNow();
    else this.gather ??= setTimeout(() => void this.claimNow(), Math.max(gatherMs, rateWaitMs, pauseMs));
  }

  private async claimNow(): Promise<void> {
    clearTimeout(this.gather);
    this.gather = undefined;
    const limit = this.room;
    if (this.isStopping || this.isClaiming || limit <= 0) return;
    this.isClaiming = true;
    this.claimedAtMs = performance.now();
    try {
      // What is announced from here on may come too late for this claim.
      this.mayHaveMore = false;
      const { shares, owner } = this;
      const messages = await claim(this.ctx, { connectorId: this.connector.id, owner, limit, shares });
      // Fewer than there is room for: it has all that may go now.
      this.isKeepingUp = messages.length < limit;
      if (!this.isKeepingUp) this.mayHaveMore = true;
      else if (shares.heldForMs > 0) this.comeBackIn(Math.max(heldMs, shares.heldForMs));
      const extras = await this.extrasOf(messages);
      for (const message of messages) this.inHand.add(message.id);
      this.dispatch.send(messages, extras);
    } catch (error) {
      log.warn({ err: error, connectorId: this.connector.id }, "could not claim, trying again");
    } finally {
      this.isClaiming = false;
    }
    if (this.isStopping) this.dispatch.giveBack("the worker stops");
    this.wake();
  }

  /** Contracts hold back what waits; until then others are served as they come. */
  private comeBackIn(ms: number): void {
    clearTimeout(this.held);
    this.held = setTimeout(() => this.notify(), ms);
  }

  private extrasOf(messages: readonly ClaimedMessage[]): Promise<Map<string, MessageExtras>> {
    const { passedTlvs, otpPriority } = this.connector;
    const ids = passedTlvs.length > 0 || otpPriority > 0 ? messages.map((message) => message.id) : [];
    return loadExtras(this.ctx, ids);
  }

  private deliver(session: Session, pdu: Pdu): void {
    if (pdu.command !== "deliver_sm" && pdu.command !== "data_sm") return;
    if (!isReceipt(pdu)) {
      receiptCount.inc({ connector: this.connector.id, result: "inbound" });
      session.respond(pdu, commandStatus.permanentReceiverError);
      return;
    }
    const receipt = parseReceipt(pdu);
    if (!receipt) {
      receiptCount.inc({ connector: this.connector.id, result: "unreadable" });
      log.warn({ connectorId: this.connector.id, text: pdu.short_message?.toString("latin1") }, "unreadable receipt");
      session.respond(pdu, commandStatus.ok);
      return;
    }
    const { isGsmError, carrierId, state, errorCode, msisdn, sender, userMessageReference, text } = receipt;
    const known = errorCode === null ? null : this.dispatch.errors.reasonOfReceipt(errorCode, isGsmError);
    const reason = known ?? undefined;
    const receivedAt = new Date();
    traceReceipt(this.about, carrierId, pdu, receivedAt);
    this.answersFirst.add({
      receipt: { carrierId, state, errorCode, reason, msisdn, sender, userMessageReference, text, receivedAt },
      confirm: (status) => session.respond(pdu, status),
    });
  }

  private resultWriter() {
    return {
      write: async (results: MessageResult[]) => {
        const done = writeSeconds.startTimer({ kind: "results" });
        const { owner, polling } = this;
        await recordResponses(this.ctx, { connectorId: this.connector.id, owner, results, polling });
        done();
        this.answersFirst.written(results);
        for (const { messageId, parts } of results) {
          this.inHand.delete(messageId);
          if (parts.some((part) => part.kind === "accepted")) this.takenCount += 1;
        }
        if (this.mostInHand < Number.POSITIVE_INFINITY) this.wake();
      },
      /** Its lease stays: the next worker finds it and follows the policy for lost answers. */
      onPoison: (result: MessageResult, error: unknown) => {
        this.answersFirst.written([result]);
        log.error({ err: error, messageId: result.messageId }, "an answer could not be written");
      },
    };
  }

  private receiptWriter() {
    return {
      write: async (batch: Incoming[]) => {
        const done = writeSeconds.startTimer({ kind: "receipts" });
        const counts = await recordReceipts(this.ctx, {
          connectorId: this.connector.id,
          receipts: batch.map((incoming) => incoming.receipt),
          notation: this.notation,
        });
        done();
        receiptCount.inc({ connector: this.connector.id, result: "matched" }, counts.matched);
        receiptCount.inc({ connector: this.connector.id, result: "parked" }, counts.parked);
        for (const incoming of batch) incoming.confirm(commandStatus.ok);
      },
      onPoison: (incoming: Incoming, error: unknown) => {
        log.error({ err: error, carrierId: incoming.receipt.carrierId }, "a receipt could not be written");
        incoming.confirm(commandStatus.temporaryReceiverError);
      },
    };
  }

  /** Receipts that came before their answers, or tell the fate of a message whose answer was lost. */
  async matchParked(): Promise<void> {
    if (!this.isStopping) await matchParked(this.ctx, { connectorId: this.connector.id });
  }

  /** While a claim is under way its rows are nobody's yet; what is in hand stays there until it is written. */
  async freeOrphans(olderThanMs: number): Promise<void> {
    if (this.isClaiming || this.isStopping) return;
    const { id: connectorId } = this.connector;
    const input = { connectorId, owner: this.owner, known: [...this.inHand], olderThanMs };
    const count = await releaseOrphans(this.ctx, input);
    if (count > 0) log.warn({ connectorId, messages: count }, "freed messages of an interrupted claim");
  }

  async endSilent(lookBackHours: number): Promise<void> {
    while (!this.isStopping && (await expireSilent(this.ctx, { connectorId: this.connector.id, lookBackHours })) > 0);
  }

  /** For how long it could not send, in milliseconds; 0 while a bind is up. */
  unboundMs(nowMs: number): number {
    return this.unboundFromMs === null ? 0 : nowMs - this.unboundFromMs;
  }

  /** One stretch of the queue goes to other routes; the next call goes on behind it. */
  async moveWaiting(): Promise<void> {
    if (this.isStopping) return;
    const { id: connectorId } = this.connector;
    const { moved, last } = await moveWaiting(this.ctx, { connectorId, after: this.movedTo });
    this.movedTo = last;
    if (moved > 0) log.warn({ connectorId, messages: moved }, "moved to other routes: the carrier is away");
  }

  /** How its binds are now. */
  report(): ConnectorReport {
    const used = this.binds.reduce((sum, bind) => sum + bind.usedSlots, 0);
    inFlightGauge.set({ connector: this.connector.id }, used);
    return { connectorId: this.connector.id, binds: this.binds.map((bind) => bind.report) };
  }

  /** Messages per second that the carrier takes, of the last few calls. */
  measureRate(): ConnectorRate {
    const nowMs = performance.now();
    const perSecond = (this.takenCount / Math.max(1, nowMs - this.rate.atMs)) * 1_000;
    this.takenCount = 0;
    this.rate = { perSecond: (perSecond + this.rate.perSecond) / 2, atMs: nowMs };
    return { connectorId: this.connector.id, perSecond: this.rate.perSecond };
  }

  private changed(): void {
    boundGauge.set({ connector: this.connector.id }, this.boundCount);
    const maySend = this.binds.some((bind) => bind.isBound && bind.mayTransmit);
    if (maySend) this.movedTo = null;
    this.unboundFromMs = maySend ? null : (this.unboundFromMs ?? performance.now());
    this.fleet.onBindsChange(this);
    this.dispatch.pump();
    this.notify();
  }
}

function bindCommands({ bindMode, bindCount }: WorkerConnector): BindCommand[] {
  const commands: BindCommand[] =
    bindMode === "transceiver" ? ["bind_transceiver"] : ["bind_transmitter", "bind_receiver"];
  return commands.flatMap((command) => Array<BindCommand>(bindCount).fill(command));
}
