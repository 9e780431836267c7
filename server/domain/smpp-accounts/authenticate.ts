/** Turns the name and password of a bind into an account. */
import { createHmac, randomBytes } from "node:crypto";
import { type AccountWithHash, loadAccounts } from "#server/domain/smpp-accounts/load-accounts.ts";
import { verifyBindPassword } from "#server/domain/smpp-accounts/password.ts";
import { allowServer, type BindAccount } from "#server/domain/smpp-accounts/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { ipAllowed } from "#server/kernel/ip-list.ts";

export type BindRefusal = "unknown_system_id" | "wrong_password" | "ip_not_allowed" | "inactive" | "busy";
export type BindVerdict = { ok: true; account: BindAccount } | { ok: false; why: BindRefusal };

/** Passwords hashed at a time: each takes 19 MiB and some 30 ms of a processor. */
const maxHashing = 2;
const maxWaiting = 100;

/**
 * A hundred binds that come back at once cost one hash: a password that was right is remembered, as a keyed digest, for
 * as long as the account's hash stays the same. The account itself is read at every bind.
 */
export class Authenticator {
  private readonly key = randomBytes(32);
  private readonly verified = new Map<string, { passwordHash: string; digest: string }>();
  private readonly underWay = new Map<string, Promise<boolean>>();
  private readonly turns: (() => void)[] = [];
  private hashing = 0;

  constructor(private readonly ctx: Context) {
    allowServer(ctx);
  }

  async check({ systemId, password, ip }: { systemId: string; password: string; ip: string }): Promise<BindVerdict> {
    const [row] = await loadAccounts(this.ctx, { systemId });
    if (!row) return { ok: false, why: "unknown_system_id" };
    // Before the password: who may not bind from here learns nothing about it, and counts against nobody.
    if (!ipAllowed(row.allowedIps, ip)) return { ok: false, why: "ip_not_allowed" };
    const isRight = await this.isRight(row, password);
    if (isRight === null) return { ok: false, why: "busy" };
    if (!isRight) return { ok: false, why: "wrong_password" };
    if (!row.isActive) return { ok: false, why: "inactive" };
    const { passwordHash: _, ...account } = row;
    return { ok: true, account };
  }

  private async isRight({ id, passwordHash }: AccountWithHash, password: string): Promise<boolean | null> {
    const digest = createHmac("sha256", this.key).update(password).digest("base64");
    const known = this.verified.get(id);
    if (known?.passwordHash === passwordHash && known.digest === digest) return true;
    const attempt = `${id} ${passwordHash} ${digest}`;
    const same = this.underWay.get(attempt);
    if (same) return same;
    if (this.turns.length >= maxWaiting) return null;
    const work = this.inTurn(() => verifyBindPassword(passwordHash, password)).finally(() =>
      this.underWay.delete(attempt),
    );
    this.underWay.set(attempt, work);
    const isRight = await work;
    if (isRight) this.verified.set(id, { passwordHash, digest });
    return isRight;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.hashing >= maxHashing) await new Promise<void>((resolve) => this.turns.push(resolve));
    this.hashing += 1;
    try {
      return await work();
    } finally {
      this.hashing -= 1;
      this.turns.shift()?.();
    }
  }
}
