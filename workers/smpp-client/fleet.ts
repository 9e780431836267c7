/** All connectors of this worker: takes their leases, starts and stops their drivers as people change them. */
import type { Database } from "#db/client.ts";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { leaseConnector, releaseConnector } from "#server/domain/delivery/lease-connector.ts";
import { loadConnectors, type WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import { reportBinds } from "#server/domain/delivery/report-binds.ts";
import { sendQueueChannel } from "#server/domain/messages/write-batch.ts";
import { connectorsChannel } from "#server/domain/routing/announce-connector.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import { Driver } from "#workers/smpp-client/driver.ts";

type Driven = { driver: Driver; fingerprint: string; leasedAtMs: number };

const leaseTtlMs = 10_000;
const pollMs = 1_000;
/** Well before the lease runs out. */
const renewMs = 3_000;
const expireMs = 5_000;
/** Much longer than a pass or a claim takes, with the waits for a database that comes back. */
const standstillMs = 60_000;

export class Fleet {
  readonly owner = newId();
  isLoaded = false;
  private readonly ctx: Context;
  private readonly driven = new Map<string, Driven>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly listening: { unlisten(): Promise<void> }[] = [];
  private isStopping = false;
  private passing: Promise<void> | null = null;
  private isExpiring = false;
  private passedAtMs = performance.now();

  constructor(private readonly db: Database) {
    this.ctx = jobContext({ db, clock: systemClock }, "smpp-client", nilId, this.owner);
  }

  get boundCount(): number {
    return [...this.driven.values()].reduce((sum, { driver }) => sum + driver.boundCount, 0);
  }

  /** False when it stopped looking after its connectors, or one of them stopped taking messages. */
  get isLive(): boolean {
    const nowMs = performance.now();
    const isClaiming = [...this.driven.values()].every(({ driver }) => driver.claimingMs(nowMs) < standstillMs);
    return isClaiming && nowMs - this.passedAtMs < standstillMs;
  }

  async start(): Promise<void> {
    await this.pass();
    this.listening.push(
      await this.db.sql.listen(sendQueueChannel, (connectorId) => this.driven.get(connectorId)?.driver.notify()),
      await this.db.sql.listen(connectorsChannel, () => void this.pass()),
    );
    this.timers.push(
      setInterval(() => void this.pass(), pollMs),
      setInterval(() => void this.expire(), expireMs),
    );
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.passing;
    await Promise.all([...this.driven.keys()].map((connectorId) => this.stopDriving(connectorId)));
    await Promise.all(this.listening.map((listener) => listener.unlisten().catch(() => {})));
  }

  /** Brings what runs in line with what people configured and what leases allow. */
  private pass(): Promise<void> {
    this.passing ??= this.reconcile()
      .catch((error) => log.warn({ err: error }, "could not load connectors, trying again"))
      .finally(() => {
        this.passedAtMs = performance.now();
        this.passing = null;
      });
    return this.passing;
  }

  private async reconcile(): Promise<void> {
    if (this.isStopping) return;
    const wanted = new Map((await loadConnectors(this.ctx)).map((connector) => [connector.id, connector]));
    const outdated = [...this.driven].filter(([id, { fingerprint }]) => {
      const connector = wanted.get(id);
      return !connector || fingerprintOf(connector) !== fingerprint;
    });
    await Promise.all(outdated.map(([id]) => this.stopDriving(id)));
    await Promise.all([...wanted.values()].map((connector) => this.drive(connector)));
    this.isLoaded = true;
  }

  private async drive(connector: WorkerConnector): Promise<void> {
    const known = this.driven.get(connector.id);
    known?.driver.takeErrors(connector.errors);
    if (known && Date.now() - known.leasedAtMs < renewMs) return;
    const askedAtMs = Date.now();
    const input = { connectorId: connector.id, owner: this.owner, ttlMs: leaseTtlMs };
    const isHeld = await leaseConnector(this.ctx, input);
    if (known && isHeld) known.leasedAtMs = askedAtMs;
    else if (known) await this.stopDriving(connector.id);
    else if (isHeld) await this.startDriving(connector, askedAtMs);
  }

  private async startDriving(connector: WorkerConnector, leasedAtMs: number): Promise<void> {
    if (connector.password === null) {
      const lastError = "The password cannot be read: it was sealed with another ENCRYPTION_KEY. Enter it again.";
      const bind = { bindNumber: 1, state: "stopped" as const, lastError, since: this.ctx.clock.now() };
      await reportBinds(this.ctx, { connectorId: connector.id, binds: [bind] });
      return;
    }
    const driver = new Driver(this.ctx, connector, this.owner);
    this.driven.set(connector.id, { driver, fingerprint: fingerprintOf(connector), leasedAtMs });
    await driver.start();
    log.info({ connectorId: connector.id, name: connector.name }, "driving connector");
  }

  private async stopDriving(connectorId: string): Promise<void> {
    const known = this.driven.get(connectorId);
    if (!known) return;
    this.driven.delete(connectorId);
    await known.driver.stop();
    await releaseConnector(this.ctx, { connectorId, owner: this.owner });
  }

  private async expire(): Promise<void> {
    if (this.isExpiring) return;
    this.isExpiring = true;
    try {
      await expireQueued(this.ctx);
    } catch (error) {
      log.warn({ err: error }, "could not expire, trying again");
    } finally {
      this.isExpiring = false;
    }
  }
}

/** What makes a driver start anew: everything but times, and what a driver takes in while it runs. */
function fingerprintOf({
  createdAt: _c,
  updatedAt: _u,
  errors: _e,
  receiptNotation: _n,
  ...connector
}: WorkerConnector): string {
  return JSON.stringify(connector);
}
