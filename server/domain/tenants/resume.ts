/** Lifts a suspension: what was held goes out again. */
import { eq } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import { tenantResumed } from "#server/domain/tenants/events.ts";
import { type ResumeTenant, resumeTenant as schema } from "#server/domain/tenants/input.ts";
import { descendantInScope, type Tenant } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

export async function resumeTenant(ctx: Context, input: ResumeTenant): Promise<Tenant> {
  allow(ctx, "tenants.suspend");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await descendantInScope(ctx, id);
    if (before.status === "active") return before;
    const [row = before] = await ctx.tx.db
      .update(tenants)
      .set({ status: "active", suspendReason: null, suspendedAt: null, updatedAt: ctx.clock.now() })
      .where(eq(tenants.id, id))
      .returning();
    await audit(ctx, { action: "tenants.resume", subjectType: "tenant", subjectId: id, tenantId: id });
    await emit(ctx, tenantResumed, { tenantId: id }, id);
    return row;
  });
}
