/** Changes how long days of messages are kept. What is past its time goes within the hour. */
import { type RetentionPolicy, retentionPolicy as schema } from "#server/domain/retention/input.ts";
import { allowRoot, loadPolicy } from "#server/domain/retention/load-policy.ts";
import { kinds } from "#server/domain/retention/plan.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** The same again changes nothing. @throws forbidden · invalid_input */
export async function setRetention(ctx: Context, input: RetentionPolicy): Promise<RetentionPolicy> {
  allow(ctx, "retention.write");
  const policy = parse(schema, input);
  return asSystem(ctx, async (ctx) => {
    await allowRoot(ctx);
    const before = await loadPolicy(ctx);
    if (kinds.every((kind) => before[kind] === policy[kind])) return policy;
    for (const kind of kinds) {
      await ctx.tx.sql`
        insert into retention_policies (kind, keep_days, updated_at)
        values (${kind}, ${policy[kind]}, ${ctx.clock.now()})
        on conflict (kind) do update set keep_days = excluded.keep_days, updated_at = excluded.updated_at`;
    }
    await audit(ctx, {
      action: "retention.set_policy",
      subjectType: "retention",
      subjectId: "messages",
      detail: { before, after: policy },
    });
    return policy;
  });
}
