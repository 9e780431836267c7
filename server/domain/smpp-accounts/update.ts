/** Changes an SMPP account: its limits, its addresses, whether it is used at all, and its password. */
import { eq } from "drizzle-orm";
import { smppAccounts } from "#db/schema/smpp.ts";
import type { NewSmppAccount } from "#server/domain/smpp-accounts/create.ts";
import {
  type AccountById,
  accountById,
  updateAccount as schema,
  type UpdateAccount,
} from "#server/domain/smpp-accounts/input.ts";
import { hashBindPassword, makePassword } from "#server/domain/smpp-accounts/password.ts";
import { accountColumns, lockAccount, type SmppAccount } from "#server/domain/smpp-accounts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * What is left out stays. Servers see it within a second; a disabled account's binds are closed by then.
 * @throws not_found `smpp_account_not_found`
 */
export async function updateAccount(ctx: Context, input: UpdateAccount): Promise<SmppAccount> {
  allow(ctx, "keys.write");
  const { id, ...changes } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await lockAccount(ctx, id);
    const [row = before] = await ctx.tx.db
      .update(smppAccounts)
      .set({ ...changes, updatedAt: ctx.clock.now() })
      .where(eq(smppAccounts.id, id))
      .returning(accountColumns);
    await audit(ctx, {
      action: "smpp.update_account",
      subjectType: "smpp_account",
      subjectId: id,
      tenantId: row.tenantId,
      detail: { systemId: row.systemId, ...changes },
    });
    return row;
  });
}

/**
 * A new password; the old one is refused from then on. Sessions that are bound stay. A repeat makes another one.
 * @throws not_found `smpp_account_not_found`
 */
export async function resetPassword(ctx: Context, input: AccountById): Promise<NewSmppAccount> {
  allow(ctx, "keys.write");
  const { id } = parse(accountById, input);
  const password = makePassword();
  const passwordHash = await hashBindPassword(password);
  return inTransaction(ctx, async (ctx) => {
    const row = await lockAccount(ctx, id);
    const updatedAt = ctx.clock.now();
    await ctx.tx.db.update(smppAccounts).set({ passwordHash, updatedAt }).where(eq(smppAccounts.id, id));
    await audit(ctx, {
      action: "smpp.reset_password",
      subjectType: "smpp_account",
      subjectId: id,
      tenantId: row.tenantId,
      detail: { systemId: row.systemId },
    });
    return { ...row, updatedAt, password };
  });
}
