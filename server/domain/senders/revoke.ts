/** Takes a sender name back: from the next submission on it cannot be used. */
import { eq } from "drizzle-orm";
import { senders } from "#db/schema/senders.ts";
import { recordDecision } from "#server/domain/senders/decide.ts";
import { senderDecided } from "#server/domain/senders/events.ts";
import { type RevokeSender, revokeSender as schema } from "#server/domain/senders/input.ts";
import { lockSender, type SenderView, senderView } from "#server/domain/senders/view.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * Any tenant above may, at any time, and the tenant itself. Revoking twice changes nothing.
 * @throws conflict `sender_not_in_use` (a rejected name: there is nothing to take back)
 */
export async function revokeSender(ctx: Context, input: RevokeSender): Promise<SenderView> {
  allow(ctx, "senders.decide");
  const { id, reason } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const sender = await lockSender(ctx, id);
    if (sender.status === "revoked") return senderView(ctx, id);
    if (sender.status === "rejected") throw conflict("sender_not_in_use", "This sender name is not in use.");
    await ctx.tx.db
      .update(senders)
      .set({ status: "revoked", reviewerTenantId: null, decisionReason: reason, updatedAt: ctx.clock.now() })
      .where(eq(senders.id, id));
    await recordDecision(ctx, sender, "revoked", reason);
    const { tenantId, name } = sender;
    await emit(ctx, senderDecided, { senderId: id, tenantId, name, decision: "revoked", reason }, tenantId);
    return senderView(ctx, id);
  });
}
