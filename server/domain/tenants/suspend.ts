/** Suspends a tenant below the actor's own: its whole subtree stops sending, and what is queued waits. */
import { eq } from "drizzle-orm";
import { tenants } from "#db/schema/tenants.ts";
import { tenantSuspended } from "#server/domain/tenants/events.ts";
import { type SuspendTenant, suspendTenant as schema } from "#server/domain/tenants/input.ts";
import { descendantInScope, type Tenant } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/** Suspending twice changes nothing. */
export async function suspendTenant(ctx: Context, input: SuspendTenant): Promise<Tenant> {
  allow(ctx, "tenants.suspend");
  const { id, reason } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await descendantInScope(ctx, id);
    if (before.status === "suspended") return before;
    const [row = before] = await ctx.tx.db
      .update(tenants)
      .set({ status: "suspended", suspendReason: reason, suspendedAt: ctx.clock.now(), updatedAt: ctx.clock.now() })
      .where(eq(tenants.id, id))
      .returning();
    await audit(ctx, {
      action: "tenants.suspend",
      subjectType: "tenant",
      subjectId: id,
      tenantId: id,
      detail: { reason },
    });
    await emit(ctx, tenantSuspended, { tenantId: id, reason }, id);
    return row;
  });
}
