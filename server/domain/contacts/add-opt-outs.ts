/** Records that people do not want the tenant's messages any more. */
import { type AddOptOuts, addOptOuts as schema } from "#server/domain/contacts/input.ts";
import { loadNumberRules } from "#server/domain/contacts/number-rules.ts";
import { insertOptOuts, readNumbers } from "#server/domain/contacts/opt-out-rows.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** Adding a number twice changes nothing. @throws invalid_input `invalid_numbers`: then none is added */
export async function addOptOuts(ctx: Context, input: AddOptOuts): Promise<{ added: number; known: number }> {
  allow(ctx, "contacts.write");
  const { numbers, note, defaultCountry } = parse(schema, input);
  const msisdns = readNumbers(numbers, await loadNumberRules(ctx, defaultCountry));
  const source = ctx.actor.type === "apiKey" ? "api" : "console";
  return inTransaction(ctx, async (ctx) => {
    const added = await insertOptOuts(ctx, msisdns, { source, note: note || null });
    if (added > 0) {
      const subject = { subjectType: "tenant", subjectId: ctx.tenantId };
      await audit(ctx, { action: "contacts.add_opt_outs", ...subject, detail: { added } });
    }
    return { added, known: msisdns.length - added };
  });
}
