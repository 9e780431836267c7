/** Serves one endpoint: keeps some of its events in memory, so many requests under way, and its health. */
import { floorId } from "#server/domain/messages/search-terms.ts";
import { type Claimed, claimDeliveries } from "#server/domain/webhooks/claim.ts";
import { bodyOf } from "#server/domain/webhooks/payload.ts";
import { signedHeaders } from "#server/domain/webhooks/signature.ts";
import type { Delivery, HealthChange, SentRequest, WorkerEndpoint } from "#server/domain/webhooks/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { nilId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { countRequest, requestSeconds } from "#workers/webhooks/metrics.ts";
import { type Answer, Poster } from "#workers/webhooks/post.ts";
import type { Share } from "#workers/webhooks/share.ts";
import { WatchedHealth } from "#workers/webhooks/watched-health.ts";

export type CourierHost = {
  ctx: Context;
  owner: string;
  guard: Guard;
  share(): Share;
  /** Writes it with the next batch; calls `forget` on the courier when that is done. */
  record(request: SentRequest, health: HealthChange | null): void;
};

/** Reading again before this, after a read that found little, would cost more than it finds. */
const readPauseMs = 40;
/** What does not fill a list waits so long for more. */
const lingerMs = 200;
/** Rows may become visible after later ones: what is this young is looked at again. */
const lateCommitMs = 10_000;
const lookBackEveryMs = 1_000;
/** Told of news, a read found none: it is likely behind. */
const lookBackAgainMs = 100;
const lookAtAllEveryMs = 30_000;
/** Without work for so long, the endpoint is given back. */
const longestIdleMs = 3_000;

export class Courier {
  readonly startedAtMs = performance.now();
  private endpoint: WorkerEndpoint;
  private poster: Poster;
  private readonly health: WatchedHealth;
  /** In memory, under way, or waiting to be written. */
  private readonly held = new Set<string>();
  /** Written while a read was under way, which may still see them: held until it has ended. */
  private readonly fading: string[] = [];
  private ready: Delivery[] = [];
  /** Requests under way. */
  private sending = 0;
  /** Called when none is. */
  private readonly onQuiet: (() => void)[] = [];
  private isReading = false;
  private mayHaveMore = true;
  private isEnding = false;
  private mustWait = false;
  private afterId = nilId;
  private readAtMs = Number.NEGATIVE_INFINITY;
  private lookedBackAtMs = performance.now();
  /** Rows came since then: one of another transaction may have been written before them and be visible later. */
  private mayHaveMissed = false;
  private lookedAtAllAtMs = Number.NEGATIVE_INFINITY;
  private busyAtMs = performance.now();
  private readyAtMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    endpoint: WorkerEndpoint,
    private readonly host: CourierHost,
  ) {
    this.endpoint = endpoint;
    this.health = new WatchedHealth(endpoint);
    this.poster = new Poster(endpoint.url, host.guard);
  }

  get id(): string {
    return this.endpoint.id;
  }

  /** True when nothing of it is left in this worker, or nothing came for a while: the lease may go. */
  get isDone(): boolean {
    return this.isEmpty && (this.isEnding || this.mustWait || this.idleMs > longestIdleMs);
  }

  /** Zero while it has something in hand. */
  get idleMs(): number {
    return this.isEmpty ? performance.now() - this.busyAtMs : 0;
  }

  private get isEmpty(): boolean {
    return this.held.size === 0 && this.sending === 0 && !this.isReading;
  }

  /** New events may be there. Called now and then, too, for what no notification told of. */
  wake(): void {
    this.mayHaveMore = true;
    this.turn();
  }

  /** Takes over what people changed: address, secrets, size of lists. */
  update(endpoint: WorkerEndpoint): void {
    if (endpoint.url !== this.endpoint.url) {
      void this.poster.close();
      this.poster = new Poster(endpoint.url, this.host.guard);
    }
    this.endpoint = endpoint;
    if (endpoint.status !== "active") this.end();
    this.wake();
  }

  /** Sends nothing more; what is under way comes to its end. */
  end(): void {
    this.isEnding = true;
    this.dropReady();
  }

  async close(): Promise<void> {
    this.end();
    clearTimeout(this.timer);
    if (this.sending > 0) await new Promise<void>((resolve) => this.onQuiet.push(resolve));
    await this.poster.close();
  }

  /** They are written: a later read that still finds them finds new work. */
  forget(deliveries: readonly Delivery[]): void {
    for (const { id } of deliveries) {
      if (this.isReading) this.fading.push(id);
      else this.held.delete(id);
    }
    this.turn();
  }

  private get isProbing(): boolean {
    return this.health.isFailing;
  }

  private turn(): void {
    if (this.isEnding || this.mustWait) return;
    const { requests, events } = this.host.share();
    const limit = this.isProbing ? 1 : requests;
    while (this.sending < limit) {
      const next = this.nextList();
      if (next.length === 0) break;
      this.send(next);
    }
    const low = Math.min(events, requests * this.endpoint.batchSize * 2);
    if (this.mayHaveMore && this.ready.length < low && this.held.size < events * 2) void this.read(events);
  }

  private nextList(): Delivery[] {
    const { batchSize } = this.endpoint;
    const waitedMs = performance.now() - this.readyAtMs;
    if (this.ready.length === 0) return [];
    if (this.ready.length < batchSize && waitedMs < lingerMs && !this.isProbing) {
      this.turnIn(lingerMs - waitedMs);
      return [];
    }
    const list = this.ready.splice(0, batchSize);
    this.readyAtMs = performance.now();
    return list;
  }

  private turnIn(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.turn(), Math.max(1, ms));
  }

  private async read(room: number): Promise<void> {
    const nowMs = performance.now();
    if (this.isReading || (this.isProbing && this.sending > 0)) return;
    if (nowMs - this.readAtMs < readPauseMs) return this.turnIn(readPauseMs);
    this.isReading = true;
    this.readAtMs = nowMs;
    this.mayHaveMore = false;
    try {
      const hasMore = this.isProbing ? await this.readForTry() : await this.readNext(room, nowMs);
      this.mayHaveMore ||= hasMore;
    } catch (error) {
      log.warn({ err: error, endpointId: this.id }, "could not read events, trying again");
    } finally {
      this.isReading = false;
      for (const id of this.fading.splice(0)) this.held.delete(id);
    }
    this.turn();
  }

  private async readForTry(): Promise<boolean> {
    this.take(await this.claim("anything", this.endpoint.batchSize));
    return false;
  }

  /** New events in order; now and then also retries, and rows that became visible late. */
  private async readNext(room: number, nowMs: number): Promise<boolean> {
    const limit = Math.max(1, room - this.ready.length);
    if (nowMs - this.lookedBackAtMs > lookBackEveryMs || this.lookedAtAllAtMs < 0) {
      const isWhole = nowMs - this.lookedAtAllAtMs > lookAtAllEveryMs;
      if (isWhole) this.lookedAtAllAtMs = nowMs;
      await this.lookBack(limit, nowMs, isWhole);
      this.take(await this.claim("retries", limit));
    }
    const { found } = this.take(await this.claim({ afterId: this.afterId }, limit));
    if (found > 0) this.mayHaveMissed = true;
    else if (this.mayHaveMissed && nowMs - this.lookedBackAtMs > lookBackAgainMs) await this.lookBack(limit, nowMs);
    return found === limit;
  }

  private async lookBack(limit: number, nowMs: number, isWhole = false): Promise<void> {
    this.lookedBackAtMs = nowMs;
    this.mayHaveMissed = false;
    const lateId = floorId(this.host.ctx.clock.now().getTime() - lateCommitMs);
    const [afterId = nilId] = [isWhole ? nilId : lateId, this.afterId].sort();
    this.take(await this.claim({ afterId }, limit + this.held.size));
  }

  private claim(what: "retries" | "anything" | { afterId: string }, limit: number): Promise<Claimed> {
    const { ctx, owner } = this.host;
    const { id: endpointId, updatedAt } = this.endpoint;
    return claimDeliveries(ctx, { endpointId, owner, updatedAt, what, limit, held: this.held });
  }

  private take(claimed: Claimed): Claimed {
    if (this.isEnding || this.mustWait) return claimed;
    if (claimed.lastId !== null && claimed.lastId > this.afterId) this.afterId = claimed.lastId;
    if (claimed.deliveries.length > 0) {
      this.busyAtMs = performance.now();
      if (this.ready.length === 0) this.readyAtMs = performance.now();
      for (const delivery of claimed.deliveries) {
        this.held.add(delivery.id);
        this.ready.push(delivery);
      }
    }
    return claimed;
  }

  /** What is done for each request is most of this process's work: no more promises than the answer itself. */
  private send(deliveries: Delivery[]): void {
    this.sending += 1;
    const at = this.host.ctx.clock.now();
    const startedMs = performance.now();
    const { id, body } = bodyOf(deliveries, this.endpoint.batchSize > 1);
    const signed = { id, body, timestamp: Math.floor(at.getTime() / 1_000) };
    void this.poster.send(signedHeaders(this.endpoint.keys, signed), body).then((answer) => {
      this.answered(deliveries, answer, { at, durationMs: performance.now() - startedMs });
      this.sending -= 1;
      if (this.sending === 0) for (const done of this.onQuiet.splice(0)) done();
      this.turn();
    });
  }

  private answered(deliveries: Delivery[], answer: Answer, { at, durationMs }: { at: Date; durationMs: number }): void {
    this.busyAtMs = performance.now();
    count(answer, deliveries.length, durationMs);
    const isFailing = this.isProbing;
    const { change, isWell, mustWait, isGone } = this.health.judge(answer, deliveries, this.host.ctx.clock.now());
    if (isWell) {
      this.mustWait = false;
      this.mayHaveMore = true;
    } else if (mustWait || isGone) this.stopSending(isGone);
    const { statusCode, error } = answer;
    const { id: endpointId, tenantId } = this.endpoint;
    const request: SentRequest = {
      endpointId,
      tenantId,
      deliveries,
      at,
      durationMs,
      statusCode,
      error,
      isFailing: isFailing || this.isProbing,
    };
    this.host.record(request, change && { ...change, endpointId, tenantId });
  }

  private stopSending(isGone: boolean): void {
    if (isGone) this.isEnding = true;
    this.mustWait = true;
    this.dropReady();
  }

  /** They stay in the queue, untouched. */
  private dropReady(): void {
    for (const { id } of this.ready) this.held.delete(id);
    this.ready = [];
    // The next read, here or elsewhere, begins with what was dropped.
    this.afterId = nilId;
    this.lookedAtAllAtMs = Number.NEGATIVE_INFINITY;
  }
}

function count({ error }: Answer, events: number, durationMs: number): void {
  countRequest(error ?? "taken", events);
  requestSeconds.observe(durationMs / 1_000);
}
