/** Opens an SMPP account: a name and a password with which a client's programs bind. */
import { smppAccounts } from "#db/schema/smpp.ts";
import { type CreateAccount, createAccount as schema } from "#server/domain/smpp-accounts/input.ts";
import { hashBindPassword, makePassword } from "#server/domain/smpp-accounts/password.ts";
import { accountColumns, lockAccount, type SmppAccount } from "#server/domain/smpp-accounts/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** `password` is null when the same call was made before: it is shown once. */
export type NewSmppAccount = SmppAccount & { password: string | null };

/**
 * Idempotent by `input.id`.
 * @throws not_found tenant outside the scope · conflict `system_id_taken`, `smpp_account_id_taken`
 */
export async function createAccount(ctx: Context, input: CreateAccount): Promise<NewSmppAccount> {
  allow(ctx, "keys.write");
  const { tenantId = ctx.tenantId, ...wanted } = parse(schema, input);
  const password = makePassword();
  const passwordHash = await hashBindPassword(password);
  return inTransaction(ctx, async (ctx) => {
    const owner = await tenantInScope(ctx, tenantId);
    const now = ctx.clock.now();
    const [row] = await ctx.tx.db
      .insert(smppAccounts)
      .values({ ...wanted, tenantId: owner.id, passwordHash, createdAt: now, updatedAt: now })
      .onConflictDoNothing()
      .returning(accountColumns);
    if (!row) return known(ctx, owner.id, wanted);
    await audit(ctx, {
      action: "smpp.create_account",
      subjectType: "smpp_account",
      subjectId: row.id,
      tenantId: owner.id,
      detail: { name: row.name, systemId: row.systemId, allowedIps: row.allowedIps },
    });
    return { ...row, password };
  });
}

async function known(ctx: InTx, tenantId: string, wanted: { id: string; systemId: string }): Promise<NewSmppAccount> {
  const row = await lockAccount(ctx, wanted.id).catch(() => null);
  if (row?.tenantId === tenantId && row.systemId === wanted.systemId) return { ...row, password: null };
  if (row) throw conflict("smpp_account_id_taken", "This id is in use. Choose a new one.");
  throw conflict("system_id_taken", "This system id is in use. Choose another one.", { field: "systemId" });
}
