/** Takes numbers off the opt-out list: their owners asked for messages again. */
import { and, eq, inArray } from "drizzle-orm";
import { optOuts } from "#db/schema/contacts.ts";
import { type RemoveOptOuts, removeOptOuts as schema } from "#server/domain/contacts/input.ts";
import { loadNumberRules } from "#server/domain/contacts/number-rules.ts";
import { readNumbers } from "#server/domain/contacts/opt-out-rows.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** Removing a number that is not on the list changes nothing. */
export async function removeOptOuts(ctx: Context, input: RemoveOptOuts): Promise<{ removed: number }> {
  allow(ctx, "contacts.write");
  const { numbers, defaultCountry } = parse(schema, input);
  const msisdns = readNumbers(numbers, await loadNumberRules(ctx, defaultCountry));
  return inTransaction(ctx, async (ctx) => {
    const removed = await ctx.tx.db
      .delete(optOuts)
      .where(and(eq(optOuts.tenantId, ctx.tenantId), inArray(optOuts.msisdn, msisdns)))
      .returning({ msisdn: optOuts.msisdn });
    if (removed.length > 0) {
      const subject = { subjectType: "tenant", subjectId: ctx.tenantId };
      await audit(ctx, { action: "contacts.remove_opt_outs", ...subject, detail: { removed: removed.length } });
    }
    return { removed: removed.length };
  });
}
