/** An account that has clients here: its settings as of the last second, its rate, and its clients. */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { parkParts } from "#server/domain/messages/park-parts.ts";
import type { BindAccount } from "#server/domain/smpp-accounts/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import type { Accumulator } from "#workers/accumulator.ts";
import { Assembler } from "#workers/smpp-server/assembler.ts";
import { TokenBucket } from "#workers/smpp-server/token-bucket.ts";
import type { Throttle } from "#workers/throttle.ts";

/** What an account needs of its connections. */
export type BoundClient = {
  applyLimits(account: BindAccount): void;
  dismiss(reason: string): Promise<void>;
};

export class AccountState {
  readonly clients = new Set<BoundClient>();
  readonly bucket: TokenBucket;
  readonly assembler: Assembler;

  /** @param ctx in which its messages are sent and read */
  constructor(
    public account: BindAccount,
    readonly ctx: Context,
    private readonly groups: Accumulator,
    private readonly throttle: Throttle,
  ) {
    this.assembler = new Assembler({
      send: async (item) => (await this.send([item]))[0],
      park: (input) => parkParts(ctx, input),
    });
    this.bucket = new TokenBucket(account.maxPerSecond, Date.now());
  }

  /** Under the contracts of its tenant. @param count of messages of this class */
  mayPass(trafficClass: SubmitItem["class"], count = 1): boolean {
    const isCode = trafficClass === "otp";
    const asked = { codes: isCode ? count : 0, others: isCode ? 0 : count };
    return this.throttle.take(this.account.tenantId, asked).isAllowed;
  }

  /** Resolves after the commit. @throws as Accumulator.add */
  send(items: SubmitItem[], batchId = newId()): Promise<SubmitOutcome[]> {
    return this.groups.add({ ctx: this.ctx, input: { batchId, source: "smpp", items } });
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
