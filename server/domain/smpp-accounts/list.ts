/** SMPP accounts of a tenant, with who is bound now and how many receipts wait. */
import { asc, eq, inArray } from "drizzle-orm";
import { smppAccounts, smppBinds } from "#db/schema/smpp.ts";
import { type ListAccounts, listAccounts as schema } from "#server/domain/smpp-accounts/input.ts";
import { accountColumns, type SmppAccount } from "#server/domain/smpp-accounts/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type LiveBind = Pick<typeof smppBinds.$inferSelect, "id" | "mode" | "ip" | "tls" | "version" | "since">;
export type AccountWithBinds = SmppAccount & {
  binds: LiveBind[];
  /** Receipts that the client has not confirmed; counted up to 10,000. */
  receiptsWaiting: number;
};

const maxRows = 500;
const mostCounted = 10_000;

/** @throws not_found `tenant_not_found` */
export async function listAccounts(ctx: Context, input: ListAccounts = {}): Promise<AccountWithBinds[]> {
  allow(ctx, "keys.read");
  const { tenantId = ctx.tenantId } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    const rows = await ctx.tx.db
      .select(accountColumns)
      .from(smppAccounts)
      .where(eq(smppAccounts.tenantId, tenantId))
      .orderBy(asc(smppAccounts.name), asc(smppAccounts.id))
      .limit(maxRows);
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const binds = await ctx.tx.db
      .select()
      .from(smppBinds)
      .where(inArray(smppBinds.accountId, ids))
      .orderBy(asc(smppBinds.since), asc(smppBinds.id));
    const waiting = await countWaiting(ctx, ids);
    return rows.map((row) => ({
      ...row,
      binds: binds
        .filter((bind) => bind.accountId === row.id)
        .map(({ id, mode, ip, tls, version, since }) => ({ id, mode, ip, tls, version, since })),
      receiptsWaiting: waiting.get(row.id) ?? 0,
    }));
  });
}

async function countWaiting(ctx: InTx, ids: string[]): Promise<Map<string, number>> {
  const rows = await ctx.tx.sql<{ id: string; n: number }[]>`
    select a.id, w.n from unnest(${ids}::uuid[]) as a (id) cross join lateral (
      select count(*)::int as n from (
        select from outgoing_receipts r
        where r.receiver_id = a.id and r.channel = 'smpp' and r.lease_owner is null limit ${mostCounted}) r) w`;
  return new Map(rows.map((row) => [row.id, row.n]));
}
