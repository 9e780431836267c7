/** What all connectors of a worker need now and then, asked for all of them at once: a hundred cost little more than one. */
import { findLongLeased, findParked, findWaiting } from "#server/domain/delivery/find-work.ts";
import { reportBinds } from "#server/domain/delivery/report-binds.ts";
import { reportRates } from "#server/domain/throughput/report-rates.ts";
import type { Context } from "#server/kernel/context.ts";
import { log } from "#server/kernel/log.ts";
import { Chore } from "#workers/smpp-client/chore.ts";
import type { Driver } from "#workers/smpp-client/driver.ts";

const everyMs = {
  waiting: 250,
  parked: 1_000,
  report: 5_000,
  failover: 1_000,
  rates: 2_000,
  orphans: 5_000,
  silence: 600_000,
};
/** Changes of one moment are told together. */
const reportSoonMs = 50;
/** Each look covers the last one again; the first one covers what a stopped worker missed. */
const silenceLookBackHours = { first: 24 * 8, later: 2 };

export class Chores {
  private readonly chores: Chore[];
  private readonly changed = new Set<Driver>();
  private reportSoon: NodeJS.Timeout | undefined;
  private readonly fresh: Driver[] = [];
  private readonly silence = new Chore("silence", everyMs.silence, () => this.endSilent());

  constructor(
    private readonly ctx: Context,
    private readonly owner: string,
    private readonly drivers: () => Driver[],
  ) {
    this.chores = [
      new Chore("waiting", everyMs.waiting, () => this.wakeWaiting()),
      new Chore("parked", everyMs.parked, () => this.matchParked()),
      new Chore("report", everyMs.report, () => this.report(this.drivers())),
      new Chore("rates", everyMs.rates, () => this.reportRates()),
      new Chore("failover", everyMs.failover, () => this.moveWaiting()),
      new Chore("orphans", everyMs.orphans, () => this.freeOrphans()),
      this.silence,
    ];
  }

  start(): void {
    for (const chore of this.chores) chore.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.reportSoon);
    await Promise.all(this.chores.map((chore) => chore.stop()));
  }

  /** Its binds changed: the console hears of it at once. */
  bindsChanged(driver: Driver): void {
    this.changed.add(driver);
    this.reportSoon ??= setTimeout(() => {
      this.reportSoon = undefined;
      const changed = [...this.changed];
      this.changed.clear();
      this.report(changed).catch((error) => log.warn({ err: error }, "could not report on binds"));
    }, reportSoonMs);
  }

  /** Looks for what ended without a receipt while nobody drove it. */
  begun(driver: Driver): void {
    this.fresh.push(driver);
    void this.silence.run();
  }

  async report(drivers: readonly Driver[]): Promise<void> {
    await reportBinds(this.ctx, { reports: drivers.map((driver) => driver.report()) });
  }

  private async reportRates(): Promise<void> {
    await reportRates(this.ctx, { rates: this.drivers().map((driver) => driver.measureRate()) });
  }

  private async wakeWaiting(): Promise<void> {
    const idle = this.drivers().filter((driver) => driver.isIdle);
    const waiting = new Set(await findWaiting(this.ctx, { connectorIds: idle.map(idOf) }));
    for (const driver of idle) if (waiting.has(idOf(driver))) driver.notify();
  }

  private async matchParked(): Promise<void> {
    const drivers = this.drivers();
    const due = new Set(await findParked(this.ctx, { connectorIds: drivers.map(idOf) }));
    for (const driver of drivers) if (due.has(idOf(driver))) await driver.matchParked();
  }

  /** From connectors that were away for longer than they may be. */
  private async moveWaiting(): Promise<void> {
    const nowMs = performance.now();
    for (const driver of this.drivers()) {
      const { failoverAfterSeconds } = driver.connector;
      const isAway = failoverAfterSeconds > 0 && driver.unboundMs(nowMs) >= failoverAfterSeconds * 1_000;
      if (isAway) await driver.moveWaiting();
    }
  }

  /** What this worker has for long and no driver knows of comes from a claim whose answer was lost. */
  private async freeOrphans(): Promise<void> {
    const leased = await findLongLeased(this.ctx, { owner: this.owner, olderThanMs: everyMs.orphans });
    for (const driver of this.drivers()) {
      const own = leased.filter((message) => message.connectorId === idOf(driver));
      if (own.some((message) => !driver.hasInHand(message.messageId))) await driver.freeOrphans(everyMs.orphans);
    }
  }

  /** One after another: each reads a stretch of the references. */
  private async endSilent(): Promise<void> {
    const fresh = new Set(this.fresh.splice(0));
    const drivers = fresh.size > 0 ? [...fresh] : this.drivers();
    const { first, later } = silenceLookBackHours;
    for (const driver of drivers) await driver.endSilent(fresh.has(driver) ? first : later);
    if (this.fresh.length > 0) await this.endSilent();
  }
}

const idOf = (driver: Driver): string => driver.connector.id;
