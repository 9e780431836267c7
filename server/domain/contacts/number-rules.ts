/** The rules that uploaded numbers are read by: the default country's numbering plan and the operators' prefixes. */
import { eq } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import type { NumberRules } from "#server/domain/contacts/classify-row.ts";
import { operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { parseNumber } from "#server/domain/routing/parse-number.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";

/** @param country ISO 3166-1 alpha-2; the tenant's own when left out */
export async function loadNumberRules(ctx: Context, country: string | undefined): Promise<NumberRules> {
  const directory = await operatorDirectory(ctx);
  const home = country ?? (await homeCountry(ctx));
  return {
    parse: (text) => parseNumber(text, home)?.msisdn ?? null,
    operatorOf: (msisdn) => directory.lookup(msisdn)?.id ?? null,
  };
}

function homeCountry(ctx: Context): Promise<string> {
  return inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx.db
      .select({ country: tenants.country })
      .from(tenants)
      .where(eq(tenants.id, ctx.tenantId));
    return row?.country ?? "";
  });
}
