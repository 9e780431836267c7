/** The opt-outs of a tenant in the order of the numbers, searchable by their beginning. */
import { and, asc, count, eq, gt, like } from "drizzle-orm";
import { optOuts } from "#db/schema/contacts.ts";
import { type ListOptOuts, listOptOuts as schema } from "#server/domain/contacts/input.ts";
import { loadNumberRules } from "#server/domain/contacts/number-rules.ts";
import type { OptOut } from "#server/domain/contacts/opt-out-rows.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type OptOutPage = { items: OptOut[]; nextCursor: string | null; total: number };

export async function listOptOuts(ctx: Context, input: ListOptOuts): Promise<OptOutPage> {
  allow(ctx, "contacts.read");
  const { tenantId = ctx.tenantId, search, cursor, limit } = parse(schema, input);
  const rules = await loadNumberRules(ctx, undefined);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    // A whole number in any notation, or the digits with which one begins.
    const prefix = search ? (rules.parse(search) ?? search.replace(/\D/g, "")) : "";
    const { msisdn, source, note, createdAt } = optOuts;
    const found = and(eq(optOuts.tenantId, tenantId), prefix ? like(msisdn, `${prefix}%`) : undefined);
    const rows = await ctx.tx.db
      .select({ msisdn, source, note, createdAt })
      .from(optOuts)
      .where(and(found, cursor ? gt(msisdn, cursor) : undefined))
      .orderBy(asc(msisdn))
      .limit(limit + 1);
    const [total] = await ctx.tx.db.select({ rows: count() }).from(optOuts).where(found);
    const items = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (items.at(-1)?.msisdn ?? null) : null;
    return { items, nextCursor, total: total?.rows ?? 0 };
  });
}
