/** Writing opt-outs: the one place that inserts them, whatever they come from. */
import type { optOuts } from "#db/schema/contacts.ts";
import type { NumberRules } from "#server/domain/contacts/classify-row.ts";
import type { InTx } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";

export type OptOut = Omit<typeof optOuts.$inferSelect, "tenantId">;

/** @returns how many were new: a number that is known already keeps its first source and note */
export async function insertOptOuts(
  ctx: InTx,
  msisdns: string[],
  why: { source: OptOut["source"]; note: string | null },
): Promise<number> {
  if (msisdns.length === 0) return 0;
  const rows = await ctx.tx.sql`
    insert into opt_outs (tenant_id, msisdn, source, note, created_at)
    select ${ctx.tenantId}, msisdn, ${why.source}, ${why.note}, ${ctx.clock.now()}
    from (select distinct unnest(${msisdns}::text[]) as msisdn) as t order by msisdn
    on conflict do nothing returning 1`;
  return rows.length;
}

/** @throws invalid_input `invalid_numbers` naming the first that are no mobile numbers */
export function readNumbers(numbers: readonly string[], rules: NumberRules): string[] {
  const read = numbers.map((text) => ({ text, msisdn: rules.parse(text) }));
  const wrong = read.filter((n) => n.msisdn === null).map((n) => n.text);
  if (wrong.length > 0) {
    const shown = wrong.slice(0, 5).join(", ");
    throw invalidInput("invalid_numbers", `${wrong.length} are no mobile numbers: ${shown}`, {
      field: "numbers",
      numbers: wrong.slice(0, 100),
    });
  }
  return [...new Set(read.map((n) => n.msisdn ?? ""))];
}
