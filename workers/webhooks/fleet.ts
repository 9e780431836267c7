/** All endpoints of this worker: takes their leases, gives each its turn, writes results in batches. */
import type { Database } from "#db/client.ts";
import { areEndpointsWaiting, leaseEndpoints, releaseEndpoints, renewLeases } from "#server/domain/webhooks/lease.ts";
import { readNews, webhooksChannel } from "#server/domain/webhooks/news.ts";
import { recordRequests } from "#server/domain/webhooks/record-requests.ts";
import type { Delivery, HealthChange, SentRequest } from "#server/domain/webhooks/work.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { WriteBehind } from "#workers/smpp-client/write-behind.ts";
import { Courier, type CourierHost } from "#workers/webhooks/courier.ts";
import { endpointsServed } from "#workers/webhooks/metrics.ts";
import { type Limits, shareOf, workerLimits } from "#workers/webhooks/share.ts";

export type FleetOptions = { guard?: Guard; limits?: Limits };

type Result = { request: SentRequest; health: HealthChange | null };

const leaseTtlMs = 10_000;
/** Well before the lease runs out. */
const renewMs = 3_000;
const pollMs = 1_000;
/** Notifications come many a second: endpoints that nobody serves yet are looked for at most so often. */
const wakePauseMs = 50;
/** How long an endpoint is served while others wait for a place. */
const turnMs = 5_000;
const standstillMs = 60_000;
const writing = { maxItems: 1_000, gather: { quietMs: 15, mostMs: 50 } };

export class WebhookFleet {
  readonly owner = newId();
  isLoaded = false;
  private readonly ctx: Context;
  private readonly limits: Limits;
  private readonly host: CourierHost;
  private readonly couriers = new Map<string, Courier>();
  private readonly results: WriteBehind<Result>;
  private readonly timers: NodeJS.Timeout[] = [];
  private listening: { unlisten(): Promise<void> } | null = null;
  private isStopping = false;
  private passing: Promise<void> | null = null;
  private wakeTimer: NodeJS.Timeout | undefined;
  private renewedAtMs = performance.now();
  private mustRenew = false;
  private passedAtMs = performance.now();

  constructor(db: Database, { guard = {}, limits = workerLimits }: FleetOptions = {}) {
    this.ctx = jobContext({ db, clock: systemClock }, "webhooks", nilId, this.owner);
    this.limits = limits;
    this.results = new WriteBehind<Result>({
      name: "webhooks",
      ...writing,
      write: (batch) => this.write(batch),
      onPoison: (result) => this.forget([result]),
    });
    this.host = {
      ctx: this.ctx,
      owner: this.owner,
      guard,
      share: () => shareOf(this.limits, this.couriers.size),
      record: (request, health) => this.results.add({ request, health }),
    };
  }

  /** False when it stopped looking after its endpoints. */
  get isLive(): boolean {
    return performance.now() - this.passedAtMs < standstillMs;
  }

  get servedCount(): number {
    return this.couriers.size;
  }

  async start(): Promise<void> {
    this.listening = await this.ctx.db.sql.listen(webhooksChannel, (id) => this.onNews(id));
    await this.pass();
    this.timers.push(setInterval(() => void this.pass(), pollMs));
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.wakeTimer);
    await this.listening?.unlisten().catch(() => {});
    await this.passing;
    await Promise.all([...this.couriers.values()].map((courier) => courier.close()));
    await this.results.flush();
    await releaseEndpoints(this.ctx, { owner: this.owner, ids: [...this.couriers.keys()] });
    this.couriers.clear();
  }

  /** Something happened for an endpoint, or somebody changed it. */
  private onNews(payload: string): void {
    const { endpointId, isChanged } = readNews(payload);
    const courier = this.couriers.get(endpointId);
    if (courier && !isChanged) {
      courier.wake();
      return;
    }
    if (courier) this.mustRenew = true;
    this.wakeTimer ??= setTimeout(() => {
      this.wakeTimer = undefined;
      void this.pass();
    }, wakePauseMs);
  }

  private pass(): Promise<void> {
    this.passing ??= this.reconcile()
      .catch((error) => log.warn({ err: error }, "could not look after the webhooks, trying again"))
      .finally(() => {
        this.passedAtMs = performance.now();
        this.passing = null;
      });
    return this.passing;
  }

  private async reconcile(): Promise<void> {
    if (this.isStopping) return;
    await this.giveBack([...this.couriers.values()].filter((courier) => courier.isDone));
    if (this.mustRenew || performance.now() - this.renewedAtMs >= renewMs) await this.renew();
    const free = this.limits.endpoints - this.couriers.size;
    for (const endpoint of await leaseEndpoints(this.ctx, { owner: this.owner, ttlMs: leaseTtlMs, limit: free })) {
      if (endpoint.keys.length > 0) this.couriers.set(endpoint.id, new Courier(endpoint, this.host));
    }
    if (free <= 0 && (await areEndpointsWaiting(this.ctx))) this.endTurns();
    endpointsServed.set(this.couriers.size);
    for (const courier of this.couriers.values()) courier.wake();
    this.isLoaded = true;
  }

  private async renew(): Promise<void> {
    this.renewedAtMs = performance.now();
    this.mustRenew = false;
    const ids = [...this.couriers.keys()];
    const kept = await renewLeases(this.ctx, { owner: this.owner, ttlMs: leaseTtlMs, ids });
    const byId = new Map(kept.map((endpoint) => [endpoint.id, endpoint]));
    for (const courier of this.couriers.values()) {
      const endpoint = byId.get(courier.id);
      if (endpoint) courier.update(endpoint);
      else courier.end();
    }
  }

  /** Those without work make room, and those served longest; they are served again when their turn comes. */
  private endTurns(): void {
    const nowMs = performance.now();
    for (const courier of this.couriers.values()) if (courier.idleMs > wakePauseMs) courier.end();
    const longest = [...this.couriers.values()]
      .filter((courier) => nowMs - courier.startedAtMs > turnMs)
      .sort((a, b) => a.startedAtMs - b.startedAtMs);
    for (const courier of longest.slice(0, Math.ceil(this.limits.endpoints / 4))) courier.end();
  }

  private async giveBack(done: readonly Courier[]): Promise<void> {
    if (done.length === 0) return;
    for (const courier of done) this.couriers.delete(courier.id);
    await Promise.all(done.map((courier) => courier.close()));
    await releaseEndpoints(this.ctx, { owner: this.owner, ids: done.map((courier) => courier.id) });
  }

  private async write(batch: Result[]): Promise<void> {
    const latest = new Map<string, HealthChange>();
    for (const { health } of batch) {
      if (!health) continue;
      // The state is the last one's; news must not get lost on the way.
      const news = health.news ?? latest.get(health.endpointId)?.news ?? null;
      latest.set(health.endpointId, { ...health, news });
    }
    await recordRequests(
      this.ctx,
      batch.map(({ request }) => request),
      [...latest.values()],
    );
    this.forget(batch);
  }

  private forget(batch: readonly Result[]): void {
    const written = new Map<string, Delivery[]>();
    for (const { request } of batch) {
      const ofEndpoint = written.get(request.endpointId);
      if (ofEndpoint) ofEndpoint.push(...request.deliveries);
      else written.set(request.endpointId, [...request.deliveries]);
    }
    for (const [endpointId, deliveries] of written) this.couriers.get(endpointId)?.forget(deliveries);
  }
}
