/** Approves or rejects a sender name: its parent first, then each tenant above, up to the root. */
import { eq } from "drizzle-orm";
import { senderDecisions, senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";
import { senderAwaited, senderDecided } from "#server/domain/senders/events.ts";
import { type DecideSender, decideSender as schema } from "#server/domain/senders/input.ts";
import { lockSender, type Sender, type SenderView, senderView } from "#server/domain/senders/view.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * A tenant further up may decide for those between it and the name; the next in turn is then its own parent. The same
 * decision again changes nothing.
 * @throws forbidden `sender_decided_above` (the actor's tenant owns the name) · conflict `sender_not_awaiting`
 */
export async function decideSender(ctx: Context, input: DecideSender): Promise<SenderView> {
  allow(ctx, "senders.decide");
  const { id, decision, reason = null } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const sender = await lockSender(ctx, id);
    if (sender.tenantId === ctx.tenantId) {
      throw new DomainError("forbidden", "sender_decided_above", "Your provider decides about your sender names.");
    }
    if (!(await isMyTurn(ctx, sender))) {
      if (await isMyDecision(ctx, sender, decision)) return senderView(ctx, id);
      throw conflict("sender_not_awaiting", "This sender name does not wait for your decision.");
    }
    const next = decision === "approved" ? await parentOf(ctx, ctx.tenantId) : null;
    const status = decision === "rejected" ? "rejected" : next ? "pending" : "approved";
    await ctx.tx.db
      .update(senders)
      .set({ status, reviewerTenantId: next, decisionReason: reason, updatedAt: ctx.clock.now() })
      .where(eq(senders.id, id));
    await recordDecision(ctx, sender, decision, reason);
    const { tenantId, name } = sender;
    if (next) await emit(ctx, senderAwaited, { senderId: id, tenantId, reviewerTenantId: next }, tenantId);
    else await emit(ctx, senderDecided, { senderId: id, tenantId, name, decision, reason }, tenantId);
    return senderView(ctx, id);
  });
}

export async function recordDecision(
  ctx: InTx,
  sender: Sender,
  decision: "approved" | "rejected" | "revoked",
  reason: string | null,
): Promise<void> {
  const { id: senderId, tenantId, name } = sender;
  await ctx.tx.db.insert(senderDecisions).values({
    id: newId(),
    senderId,
    tenantId,
    deciderTenantId: ctx.tenantId,
    decision,
    reason,
    userId: ctx.actor.type === "user" ? ctx.actor.id : null,
    decidedAt: ctx.clock.now(),
  });
  await audit(ctx, {
    action: `senders.${decision === "approved" ? "approve" : decision === "rejected" ? "reject" : "revoke"}`,
    subjectType: "sender",
    subjectId: senderId,
    tenantId,
    detail: { name, reason },
  });
}

/** The reviewer is visible exactly when it is the actor's tenant or below. */
async function isMyTurn(ctx: InTx, sender: Sender): Promise<boolean> {
  if (sender.status !== "pending" || !sender.reviewerTenantId) return false;
  const [reviewer] = await ctx.tx.db.select().from(tenants).where(eq(tenants.id, sender.reviewerTenantId));
  return reviewer?.ancestors.includes(ctx.tenantId) ?? false;
}

/** The newest decision is the actor's tenant's, and says the same. */
async function isMyDecision(ctx: InTx, sender: Sender, decision: string): Promise<boolean> {
  const [last] = await ctx.tx.sql<{ decision: string; deciderTenantId: string }[]>`
    select decision, decider_tenant_id as "deciderTenantId" from sender_decisions
    where sender_id = ${sender.id} order by id desc limit 1`;
  return last?.decision === decision && last.deciderTenantId === ctx.tenantId;
}

async function parentOf(ctx: InTx, tenantId: string): Promise<string | null> {
  const [row] = await ctx.tx.db.select({ parentId: tenants.parentId }).from(tenants).where(eq(tenants.id, tenantId));
  return row?.parentId ?? null;
}
