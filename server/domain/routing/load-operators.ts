/** Loads operators and their number prefixes: reference data of the platform, brought by a script. */
import { z } from "zod";
import type { Context } from "#server/kernel/context.ts";
import { asSystem } from "#server/kernel/context.ts";
import { forbidden, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

const operatorData = z.array(
  z.strictObject({
    id: z.string().regex(/^[a-z]{2}-[a-z0-9-]{2,40}$/),
    country: z.string().regex(/^[A-Z]{2}$/),
    name: z.string().min(1).max(80),
    mcc: z.string().regex(/^\d{3}$/),
    mnc: z.string().regex(/^\d{2,3}$/),
    prefixes: z.array(z.string().regex(/^[1-9]\d{1,9}$/)),
  }),
);
export type OperatorData = z.input<typeof operatorData>;

/**
 * Makes the tables equal to the data for the operators that it names; others stay. Running it again changes nothing.
 * @throws forbidden for anybody but a job · invalid_input `prefix_taken` when two operators claim one prefix
 */
export async function loadOperators(
  ctx: Context,
  data: OperatorData,
): Promise<{ operators: number; prefixes: number }> {
  if (ctx.actor.type !== "job") throw forbidden("routing.write");
  const operators = parse(operatorData, data);
  const owners = new Map<string, string>();
  for (const { id, prefixes } of operators) {
    for (const prefix of prefixes) {
      if (owners.has(prefix)) throw invalidInput("prefix_taken", `Prefix ${prefix} is given to two operators.`);
      owners.set(prefix, id);
    }
  }
  await asSystem(ctx, async ({ tx: { sql } }) => {
    await sql`
      insert into operators (id, country, name, mcc, mnc)
      select * from unnest(${operators.map((o) => o.id)}::text[], ${operators.map((o) => o.country)}::text[],
        ${operators.map((o) => o.name)}::text[], ${operators.map((o) => o.mcc)}::text[],
        ${operators.map((o) => o.mnc)}::text[])
      on conflict (id) do update
        set country = excluded.country, name = excluded.name, mcc = excluded.mcc, mnc = excluded.mnc`;
    await sql`
      delete from operator_prefixes
      where operator_id = any(${operators.map((o) => o.id)}::text[]) and prefix <> all(${[...owners.keys()]}::text[])`;
    await sql`
      insert into operator_prefixes (prefix, operator_id)
      select * from unnest(${[...owners.keys()]}::text[], ${[...owners.values()]}::text[])
      on conflict (prefix) do update set operator_id = excluded.operator_id`;
  });
  return { operators: operators.length, prefixes: owners.size };
}
