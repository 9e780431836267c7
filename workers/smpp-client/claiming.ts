/** Takes messages for one connector out of the queue: as many as there is room for, and no oftener than is worth it. */
import { claim } from "#server/domain/delivery/claim.ts";
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import { loadExtras, type MessageExtras } from "#server/domain/delivery/load-extras.ts";
import type { ClaimedMessage } from "#server/domain/delivery/work.ts";
import type { ContractBook } from "#server/domain/throughput/book.ts";
import { Shares } from "#server/domain/throughput/shares.ts";
import type { Context } from "#server/kernel/context.ts";
import { log } from "#server/kernel/log.ts";
import type { Sender } from "#workers/smpp-client/carrier.ts";

/** Claims wait this long for a better share of the window to be free, so that each is worth its transaction. */
const gatherMs = 5;
/** While the queue is emptied as fast as it fills, claims keep this far apart: one may bring what two would. */
const paceMs = 40;
/** Contracts let more through in portions worth a claim. */
const heldMs = 25;

export type ClaimingPorts = {
  owner: string;
  book: ContractBook;
  sender: Sender;
  /** Messages in hand at a time. */
  mostInHand: number;
};

export class Claiming {
  private isStopped = false;
  private isUnderWay = false;
  private fromMs = 0;
  private mayHaveMore = true;
  /** The last claim brought less than there was room for. */
  private isKeepingUp = true;
  /** Claimed, and not yet written back. */
  private readonly inHand = new Set<string>();
  private gather: NodeJS.Timeout | undefined;
  private held: NodeJS.Timeout | undefined;
  private readonly shares: Shares;

  constructor(
    private readonly ctx: Context,
    private readonly connector: WorkerConnector,
    private readonly ports: ClaimingPorts,
  ) {
    this.shares = new Shares(ports.book);
  }

  /** A claim is under way: its rows are nobody's yet. */
  get isBusy(): boolean {
    return this.isUnderWay;
  }

  /** It is about to do nothing: when something waits, somebody has to tell it. */
  get isIdle(): boolean {
    return !this.isStopped && !this.isUnderWay && this.gather === undefined;
  }

  /** How long the claim under way takes already. */
  busyMs(nowMs: number): number {
    return this.isUnderWay ? nowMs - this.fromMs : 0;
  }

  has(messageId: string): boolean {
    return this.inHand.has(messageId);
  }

  get known(): string[] {
    return [...this.inHand];
  }

  /** What became of it is in the database. */
  written(messageId: string): void {
    this.inHand.delete(messageId);
  }

  /** There may be work: the queue was written to. */
  notify(): void {
    this.mayHaveMore = true;
    this.wake();
  }

  /** No claim begins any more. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.gather);
    clearTimeout(this.held);
  }

  /** There may be room. */
  wake(): void {
    if (this.isStopped || this.isUnderWay || !this.mayHaveMore) return;
    const { room } = this;
    const { rateWaitMs, capacity } = this.ports.sender;
    if (room <= 0 && rateWaitMs === 0) return;
    const pauseMs = this.isKeepingUp ? this.fromMs + paceMs - performance.now() : 0;
    if (room * 4 >= capacity && pauseMs <= 0) void this.claimNow();
    else this.gather ??= setTimeout(() => void this.claimNow(), Math.max(gatherMs, rateWaitMs, pauseMs));
  }

  private get room(): number {
    const { sender, mostInHand } = this.ports;
    return Math.min(sender.room, mostInHand - this.inHand.size);
  }

  private async claimNow(): Promise<void> {
    clearTimeout(this.gather);
    this.gather = undefined;
    const limit = this.room;
    if (this.isStopped || this.isUnderWay || limit <= 0) return;
    this.isUnderWay = true;
    this.fromMs = performance.now();
    const { owner, sender } = this.ports;
    const { id: connectorId } = this.connector;
    try {
      // What is announced from here on may come too late for this claim.
      this.mayHaveMore = false;
      const { shares } = this;
      const messages = await claim(this.ctx, { connectorId, owner, limit, shares });
      // Fewer than there is room for: it has all that may go now.
      this.isKeepingUp = messages.length < limit;
      if (!this.isKeepingUp) this.mayHaveMore = true;
      else if (shares.heldForMs > 0) this.comeBackIn(Math.max(heldMs, shares.heldForMs));
      const extras = await this.extrasOf(messages);
      for (const message of messages) this.inHand.add(message.id);
      sender.send(messages, extras);
    } catch (error) {
      log.warn({ err: error, connectorId }, "could not claim, trying again");
    } finally {
      this.isUnderWay = false;
    }
    if (this.isStopped) sender.giveBack("the worker stops");
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
}
