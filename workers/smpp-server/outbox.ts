/** Moves receipts from the queue to the accounts whose clients are here, and confirmed ones out of it: all in batches. */
import { claimOutgoing, type OutgoingReceipt } from "#server/domain/delivery/claim-outgoing.ts";
import { confirmOutgoing, type Postponed, postponeOutgoing } from "#server/domain/delivery/settle-outgoing.ts";
import { leaseReceivers, releaseReceivers } from "#server/domain/smpp-accounts/live-binds.ts";
import type { Context } from "#server/kernel/context.ts";
import { log } from "#server/kernel/log.ts";
import { Turn, WriteBehind } from "#workers/smpp-client/write-behind.ts";
import { AccountReceipts } from "#workers/smpp-server/account-receipts.ts";
import { outboxSeconds } from "#workers/smpp-server/metrics.ts";

/** News of one moment are read together. */
const gatherMs = 5;

type Settled = { accountId: string; id: string };

export class Outbox {
  private readonly accounts = new Map<string, AccountReceipts>();
  private readonly confirmed: WriteBehind<Settled>;
  private readonly postponed: WriteBehind<Settled & Postponed>;
  /** Taking and letting go never overlap. */
  private readonly leasing = new Turn();
  private timer: NodeJS.Timeout | undefined;
  private isReading = false;
  private isStopping = false;

  constructor(
    private readonly ctx: Context,
    private readonly owner: string,
  ) {
    const turn = new Turn();
    const common = { maxItems: 500, gather: { quietMs: 10, mostMs: 50 } };
    const onPoison = (item: Settled, error: unknown) => log.error({ err: error, id: item.id }, "a receipt stays");
    this.confirmed = new WriteBehind<Settled>(
      { ...common, name: "confirmed receipts", write: (items) => this.confirm(items), onPoison },
      turn,
    );
    this.postponed = new WriteBehind<Settled & Postponed>(
      { ...common, name: "refused receipts", write: (items) => this.postpone(items), onPoison },
      turn,
    );
  }

  /** The receipts of an account; made when its first receiver comes. */
  of(accountId: string): AccountReceipts {
    let receipts = this.accounts.get(accountId);
    if (!receipts) {
      receipts = new AccountReceipts({
        onConfirmed: ({ id }) => this.confirmed.add({ accountId, id }),
        onRefused: ({ id }, delayMs) => this.postponed.add({ accountId, id, delayMs }),
        onRoom: () => this.wake(),
      });
      this.accounts.set(accountId, receipts);
    }
    return receipts;
  }

  /** A receipt was queued for this account. */
  notify(accountId: string): void {
    const receipts = this.accounts.get(accountId);
    if (!receipts) return;
    receipts.notify();
    if (receipts.isHungry) this.wake();
  }

  /** For what a lost notification would leave, and for refused ones whose time has come. */
  poll(): void {
    for (const receipts of this.accounts.values()) {
      if (!receipts.hasReceivers) continue;
      receipts.notify();
      receipts.pump();
    }
    this.wake();
  }

  /** Its last receiver has gone: another server may tell it. */
  async release(accountId: string): Promise<void> {
    await this.leasing
      .take(async () => {
        // It may be back already.
        if (this.accounts.get(accountId)?.hasReceivers) return;
        await releaseReceivers(this.ctx, { owner: this.owner, accountIds: [accountId] });
      })
      .catch((error) =>
        log.warn({ err: error, accountId }, "could not let go of an account; it ends with this server"),
      );
  }

  /** Others took this server for dead: what it held is theirs now. */
  dropAll(): void {
    for (const receipts of this.accounts.values()) receipts.drop();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.confirmed.flush();
    await this.postponed.flush();
  }

  private wake(): void {
    if (!this.isStopping) this.timer ??= setTimeout(() => void this.read(), gatherMs);
  }

  private async read(): Promise<void> {
    this.timer = undefined;
    if (this.isReading || this.isStopping) return;
    this.isReading = true;
    let isHungry = false;
    try {
      isHungry = await this.pass();
    } catch (error) {
      log.warn({ err: error }, "could not read the receipts' queue, trying again");
    } finally {
      this.isReading = false;
    }
    if (isHungry) this.wake();
  }

  /** @returns whether somebody wants more at once */
  private async pass(): Promise<boolean> {
    await this.leasing.take(() => this.lease());
    const wanted = [...this.accounts].flatMap(([accountId, receipts]) => {
      const want = receipts.hasLease ? receipts.wanted() : null;
      return want ? [{ accountId, ...want }] : [];
    });
    if (wanted.length === 0) return false;
    const done = outboxSeconds.startTimer({ kind: "read" });
    const found = await claimOutgoing(this.ctx, { owner: this.owner, wanted });
    done();
    const byAccount = new Map<string, OutgoingReceipt[]>();
    for (const receipt of found) {
      const list = byAccount.get(receipt.accountId);
      if (list) list.push(receipt);
      else byAccount.set(receipt.accountId, [receipt]);
    }
    for (const { accountId, limit } of wanted) this.of(accountId).take(byAccount.get(accountId) ?? [], limit);
    return [...this.accounts.values()].some((receipts) => receipts.hasLease && receipts.isHungry);
  }

  private async lease(): Promise<void> {
    const missing = [...this.accounts].filter(([, receipts]) => !receipts.hasLease && receipts.isHungry);
    if (missing.length === 0) return;
    const accountIds = missing.map(([accountId]) => accountId);
    const held = new Set(await leaseReceivers(this.ctx, { owner: this.owner, accountIds }));
    for (const [accountId, receipts] of missing) receipts.hasLease = held.has(accountId) && receipts.hasReceivers;
  }

  private async confirm(items: Settled[]): Promise<void> {
    const done = outboxSeconds.startTimer({ kind: "confirm" });
    await confirmOutgoing(this.ctx, { ids: items.map((item) => item.id) });
    done();
    this.settle(items);
  }

  private async postpone(items: (Settled & Postponed)[]): Promise<void> {
    await postponeOutgoing(this.ctx, { receipts: items });
    this.settle(items);
  }

  private settle(items: readonly Settled[]): void {
    for (const { accountId, id } of items) this.accounts.get(accountId)?.settled(id);
  }
}
