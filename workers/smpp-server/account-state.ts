/** An account that has clients here: its settings as of the last second, its rate, and its clients. */
import type { BindAccount } from "#server/domain/smpp-accounts/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { TokenBucket } from "#workers/smpp-server/token-bucket.ts";

/** What an account needs of its connections. */
export type BoundClient = {
  applyLimits(account: BindAccount): void;
  dismiss(reason: string): Promise<void>;
};

export class AccountState {
  readonly clients = new Set<BoundClient>();
  readonly bucket: TokenBucket;

  /** @param ctx in which its messages are sent and read */
  constructor(
    public account: BindAccount,
    readonly ctx: Context,
  ) {
    this.bucket = new TokenBucket(account.maxPerSecond, Date.now());
  }

  /** Takes the settings over that people changed. */
  update(account: BindAccount): void {
    const before = this.account;
    this.account = account;
    if (before.maxPerSecond !== account.maxPerSecond) this.bucket.limit = account.maxPerSecond;
    if (before.windowSize === account.windowSize && before.receiptWindow === account.receiptWindow) return;
    for (const client of this.clients) client.applyLimits(account);
  }
}
