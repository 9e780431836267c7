/** Registers a sender name for a tenant: it can be used once every tenant above has approved it. */
import { and, eq, sql } from "drizzle-orm";
import { senders } from "#db/schema/senders.ts";
import { senderAwaited } from "#server/domain/senders/events.ts";
import { type RegisterSender, registerSender as schema } from "#server/domain/senders/input.ts";
import { type Sender, type SenderView, senderView } from "#server/domain/senders/view.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * A root has nobody above it: its names are approved at once. A name that was rejected or revoked may be registered
 * again with a new id; it keeps its first id and asks everybody anew. Idempotent by `input.id`.
 * @throws conflict `sender_name_taken` (pending or approved already)
 */
export async function registerSender(ctx: Context, input: RegisterSender): Promise<SenderView> {
  allow(ctx, "senders.register");
  const { id, name, purpose, tenantId = ctx.tenantId } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    const wanted = {
      name,
      purpose,
      status: tenant.parentId ? ("pending" as const) : ("approved" as const),
      reviewerTenantId: tenant.parentId,
      decisionReason: null,
      createdBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      updatedAt: ctx.clock.now(),
    };
    const [made] = await ctx.tx.db
      .insert(senders)
      .values({ id, tenantId, ...wanted, createdAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning();
    const { row, isNew } = made ? { row: made, isNew: true } : await askAgain(ctx, { id, tenantId, name }, wanted);
    if (isNew) {
      await audit(ctx, {
        action: "senders.register",
        subjectType: "sender",
        subjectId: row.id,
        tenantId,
        detail: { name, purpose },
      });
      if (tenant.parentId) {
        await emit(ctx, senderAwaited, { senderId: row.id, tenantId, reviewerTenantId: tenant.parentId }, tenantId);
      }
    }
    return senderView(ctx, row.id);
  });
}

/** Not new when this very call was made before. */
async function askAgain(
  ctx: InTx,
  { id, tenantId, name }: Pick<Sender, "id" | "tenantId" | "name">,
  wanted: Partial<Sender>,
): Promise<{ row: Sender; isNew: boolean }> {
  const [known] = await ctx.tx.db
    .select()
    .from(senders)
    .where(and(eq(senders.tenantId, tenantId), sql`lower(${senders.name}) = lower(${name})`))
    .for("update");
  if (known?.id === id) return { row: known, isNew: false };
  if (known?.status === "rejected" || known?.status === "revoked") {
    const [row] = await ctx.tx.db.update(senders).set(wanted).where(eq(senders.id, known.id)).returning();
    return { row: row ?? known, isNew: true };
  }
  if (known?.status === "pending" && known.purpose === wanted.purpose) return { row: known, isNew: false };
  if (known) throw conflict("sender_name_taken", "This name is registered already.", { field: "name" });
  throw conflict("sender_id_taken", "This id is in use. Choose a new one.");
}
