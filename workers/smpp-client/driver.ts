/** Drives one connector while this worker holds its lease: binds, claims, sends, writes answers and receipts. */
import { expireSilent } from "#server/domain/delivery/expire-silent.ts";
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import { matchParked } from "#server/domain/delivery/match-parked.ts";
import { moveWaiting } from "#server/domain/delivery/move-waiting.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import { recoverLeases } from "#server/domain/delivery/recover-leases.ts";
import { releaseOrphans } from "#server/domain/delivery/release-orphans.ts";
import type { ConnectorReport } from "#server/domain/delivery/report-binds.ts";
import type { IncomingReceipt, MessageResult } from "#server/domain/delivery/work.ts";
import { ErrorTable } from "#server/domain/routing/error-table.ts";
import type { ContractBook } from "#server/domain/throughput/book.ts";
import type { ConnectorRate } from "#server/domain/throughput/report-rates.ts";
import type { Context } from "#server/kernel/context.ts";
import { log } from "#server/kernel/log.ts";
import { openPartner } from "#workers/http-client/open-partner.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { isReceipt, parseReceipt } from "#workers/smpp/receipt.ts";
import type { Session } from "#workers/smpp/session.ts";
import type { BindCommand } from "#workers/smpp/session-state.ts";
import { AnswersFirst } from "#workers/smpp-client/answers-first.ts";
import { Bind, RetryGate } from "#workers/smpp-client/bind.ts";
import type { Carrier } from "#workers/smpp-client/carrier.ts";
import { Claiming } from "#workers/smpp-client/claiming.ts";
import { Dispatch } from "#workers/smpp-client/dispatch.ts";
import { boundGauge, inFlightGauge, receiptCount, writeSeconds } from "#workers/smpp-client/metrics.ts";
import { traceReceipt } from "#workers/smpp-client/trace-submit.ts";
import { WriteBehind } from "#workers/smpp-client/write-behind.ts";

type Incoming = { receipt: IncomingReceipt; confirm(status: number): void };

/** More of them share a transaction; a carrier whose window of receipts is full sends no more, and is not kept waiting. */
const receiptBatches = { maxItems: 500, writers: 2, gather: { quietMs: 8, mostMs: 100 } };
/**
 * While messages go out as well, processors are what is short, and large batches take the least of them. Of what else a
 * carrier's window of receipts may hold, two halves are written at a time.
 */
const enoughReceipts = { besideSending: 300, alone: 200 };
/** Nobody waits for an answer to be written but its receipt, and that comes later. */
const gatherResults = { quietMs: 20, mostMs: 120 };
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
  private readonly claiming: Claiming;
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
    this.about = JSON.stringify({ connectorId: connector.id, peer: `${connector.host}:${connector.port}` });
    this.notation = connector.receiptNotation;
    const carrier = this.open(connector);
    this.binds = carrier.links;
    this.dispatch = carrier.dispatch;
    this.polling = carrier.polling;
    this.mostInHand = carrier.mostInHand ?? Number.POSITIVE_INFINITY;
    const { mostInHand, dispatch: sender } = this;
    this.claiming = new Claiming(ctx, connector, { owner, book: fleet.book, sender, mostInHand });
    const results = { name: "results", maxItems: 500, gather: gatherResults, ...this.resultWriter() };
    const enough = () => (sender.openCount > 0 ? enoughReceipts.besideSending : enoughReceipts.alone);
    const receipts = { name: "receipts", enough, ...receiptBatches, ...this.receiptWriter() };
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
      onRoom: () => this.claiming.wake(),
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
    return this.claiming.busyMs(nowMs);
  }

  async start(): Promise<void> {
    const { id: connectorId } = this.connector;
    const found = await recoverLeases(this.ctx, { connectorId, owner: this.owner });
    if (found > 0) log.warn({ connectorId, messages: found }, "a worker died with these on the wire");
    for (const bind of this.binds) bind.start();
  }

  /** It is bound and about to do nothing: when something waits, somebody has to tell it. */
  get isIdle(): boolean {
    return this.claiming.isIdle && this.dispatch.capacity > 0;
  }

  hasInHand(messageId: string): boolean {
    return this.claiming.has(messageId);
  }

  /** What needs no new bind: the carrier's table of errors, and how it writes ids. */
  learn({ errors, receiptNotation }: WorkerConnector): void {
    this.dispatch.errors = new ErrorTable(errors);
    this.notation = receiptNotation;
  }

  /** There may be work: the queue was written to. */
  notify(): void {
    this.claiming.notify();
  }

  /** Stops claiming, waits for the window, writes everything, unbinds. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.claiming.stop();
    this.dispatch.giveBack("the worker stops");
    const untilMs = Date.now() + Math.min(drainTimeoutMs, this.connector.responseTimeoutMs + 1_000);
    while ((this.dispatch.openCount > 0 || this.claiming.isBusy) && Date.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      this.dispatch.giveBack("the worker stops");
    }
    await this.results.flush();
    await this.receipts.flush();
    await Promise.all(this.binds.map((bind) => bind.stop()));
    await this.results.flush();
    await this.receipts.flush();
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
    const { command, sequence_number, command_length } = pdu;
    // Not all of the PDU: it waits until its receipt is written.
    const request = { command, sequence_number, command_length };
    this.answersFirst.add({
      receipt: { carrierId, state, errorCode, reason, msisdn, sender, userMessageReference, text, receivedAt },
      confirm: (status) => session.respond(request, status),
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
          this.claiming.written(messageId);
          if (parts.some((part) => part.kind === "accepted")) this.takenCount += 1;
        }
        if (this.mostInHand < Number.POSITIVE_INFINITY) this.claiming.wake();
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
    if (this.claiming.isBusy || this.isStopping) return;
    const { id: connectorId } = this.connector;
    const input = { connectorId, owner: this.owner, known: this.claiming.known, olderThanMs };
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
