/** This worker's share of all connectors: holds their leases, starts and stops their drivers as people change them. */
import type { Database } from "#db/client.ts";
import { expireBite, expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { type Held, holdConnectors, releaseConnector } from "#server/domain/delivery/hold-connectors.ts";
import { loadConnectors, type WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import { reportBinds } from "#server/domain/delivery/report-binds.ts";
import { sendQueueChannel } from "#server/domain/messages/write-batch.ts";
import { connectorsChannel } from "#server/domain/routing/announce-connector.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import { ContractKeeper } from "#workers/contract-keeper.ts";
import { Chore } from "#workers/smpp-client/chore.ts";
import { Chores } from "#workers/smpp-client/chores.ts";
import { Driver } from "#workers/smpp-client/driver.ts";

/** @property stopping set from the moment on when it lets its connector go, until it has */
type Driven = { driver: Driver; fingerprint: string; stopping: Promise<void> | null };

/** What a dead worker held is free after the first, and found within the second: both and a bind are under 10 s. */
const leaseTtlMs = 6_000;
const passMs = 1_500;
const expireMs = 5_000;
/** Connectors that are handed over to another worker at a time. */
const handOverAtOnce = 10;
/** Much longer than a pass or a claim takes, with the waits for a database that comes back. */
const standstillMs = 60_000;

export class Fleet {
  readonly owner = newId();
  isLoaded = false;
  private readonly ctx: Context;
  private readonly driven = new Map<string, Driven>();
  private readonly listening: { unlisten(): Promise<void> }[] = [];
  private readonly passes = new Chore("pass", passMs, () => this.pass());
  private readonly expiry: Chore;
  private readonly chores: Chores;
  private readonly contracts: ContractKeeper;
  private isStopping = false;
  private passedAtMs = performance.now();

  constructor(private readonly db: Database) {
    this.ctx = jobContext({ db, clock: systemClock }, "smpp-client", nilId, this.owner);
    this.contracts = new ContractKeeper(this.ctx, this.owner, "out");
    this.chores = new Chores(this.ctx, this.owner, () => this.active());
    this.expiry = new Chore("expire", expireMs, () => this.expire());
  }

  get boundCount(): number {
    return [...this.driven.values()].reduce((sum, { driver }) => sum + driver.boundCount, 0);
  }

  /** How many connectors it drives, those that it lets go included. */
  get drivenCount(): number {
    return this.driven.size;
  }

  /** False when it stopped looking after its connectors, or one of them stopped taking messages. */
  get isLive(): boolean {
    const nowMs = performance.now();
    const isClaiming = [...this.driven.values()].every(({ driver }) => driver.claimingMs(nowMs) < standstillMs);
    return isClaiming && nowMs - this.passedAtMs < standstillMs;
  }

  async start(): Promise<void> {
    await this.contracts.start();
    await this.passes.run();
    this.listening.push(
      await this.db.sql.listen(sendQueueChannel, (connectorId) => this.driven.get(connectorId)?.driver.notify()),
      await this.db.sql.listen(connectorsChannel, () => void this.passes.run()),
    );
    this.passes.start();
    this.expiry.start();
    this.chores.start();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all([this.passes.stop(), this.expiry.stop(), this.chores.stop()]);
    // Letting go may take longer than a lease lasts: it is kept until everything is written.
    const keeping = new Chore("leave", passMs, async () => void (await this.hold([...this.driven.keys()])));
    await keeping.run();
    keeping.start();
    await Promise.all([...this.driven].map(([id, known]) => this.letGo(id, known, true)));
    await keeping.stop();
    await this.contracts.stop();
    await Promise.all(this.listening.map((listener) => listener.unlisten().catch(() => {})));
  }

  /** Until nothing is over: what nobody took away would stand in the way of every claim. */
  private async expire(): Promise<void> {
    while (!this.isStopping && (await expireQueued(this.ctx)).expired >= expireBite);
  }

  private active(): Driver[] {
    return [...this.driven.values()].flatMap(({ driver, stopping }) => (stopping ? [] : [driver]));
  }

  private hold(connectorIds: readonly string[]): Promise<Held> {
    const { owner, isStopping: isLeaving } = this;
    return holdConnectors(this.ctx, { owner, connectorIds, ttlMs: leaseTtlMs, isLeaving });
  }

  /** Brings what runs in line with what people configured and what leases allow. */
  private async pass(): Promise<void> {
    this.passedAtMs = performance.now();
    const wanted = new Map((await loadConnectors(this.ctx)).map((connector) => [connector.id, connector]));
    const { connectorIds, share } = await this.hold([...wanted.keys()]);
    const held = new Set(connectorIds);
    const surplus = new Set(connectorIds.slice(share).slice(0, handOverAtOnce));
    for (const [id, known] of this.driven) {
      const connector = wanted.get(id);
      const isOurs = connector !== undefined && held.has(id) && !surplus.has(id);
      if (known.stopping) continue;
      if (!isOurs || fingerprintOf(connector) !== known.fingerprint) void this.letGo(id, known, !isOurs);
      else known.driver.learn(connector);
    }
    const free = connectorIds.filter((id) => !this.driven.has(id));
    await Promise.all(free.map((id) => (surplus.has(id) ? this.release(id) : this.drive(wanted.get(id)))));
    this.isLoaded = true;
  }

  private async drive(connector: WorkerConnector | undefined): Promise<void> {
    if (!connector || this.isStopping) return;
    const lastError = whyUndriveable(connector);
    if (lastError !== null) {
      const bind = { bindNumber: 1, state: "stopped" as const, lastError, since: this.ctx.clock.now() };
      await reportBinds(this.ctx, { reports: [{ connectorId: connector.id, binds: [bind] }] });
      return;
    }
    const driver = new Driver(this.ctx, connector, this.owner, {
      book: this.contracts.book,
      onBindsChange: (changed) => this.chores.bindsChanged(changed),
    });
    await driver.start();
    this.driven.set(connector.id, { driver, fingerprint: fingerprintOf(connector), stopping: null });
    this.chores.begun(driver);
    log.info({ connectorId: connector.id, name: connector.name }, "driving connector");
  }

  /** Passes go on meanwhile, so that the leases of all others and of this one are kept. */
  private letGo(connectorId: string, known: Driven, releases: boolean): Promise<void> {
    known.stopping ??= known.driver
      .stop()
      .then(() => this.chores.report([known.driver]))
      .catch((error) => log.warn({ err: error, connectorId }, "could not stop in order"))
      .then(() => {
        this.driven.delete(connectorId);
        if (releases) return this.release(connectorId);
        if (!this.isStopping) return this.passes.run();
      })
      .catch((error) => log.warn({ err: error, connectorId }, "could not release the lease, it runs out"));
    return known.stopping;
  }

  private async release(connectorId: string): Promise<void> {
    await releaseConnector(this.ctx, { connectorId, owner: this.owner });
  }
}

/** Null for one that can be driven. */
function whyUndriveable({ kind, password, http }: WorkerConnector): string | null {
  if (password === null)
    return "The password cannot be read: it was sealed with another ENCRYPTION_KEY. Enter it again.";
  return kind === "http" && http === null ? "The description cannot be read. Save it again." : null;
}

/** What makes a driver start anew: everything but times, and what a driver takes in while it runs. */
function fingerprintOf(connector: WorkerConnector): string {
  const { createdAt: _c, updatedAt: _u, errors: _e, receiptNotation: _n, ...rest } = connector;
  return JSON.stringify(rest);
}
