/** Starts a campaign as a draft. */
import { campaigns } from "#db/schema/campaigns.ts";
import { checkSender } from "#server/domain/campaigns/check-parts.ts";
import { type CreateCampaign, createCampaign as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, ownCampaign } from "#server/domain/campaigns/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Idempotent by `input.id`. @throws conflict `campaign_id_taken` · not_found `sender_not_found` */
export async function createCampaign(ctx: Context, input: CreateCampaign): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const wanted = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    if (wanted.senderId) await checkSender(ctx, wanted.senderId);
    const createdBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    const now = ctx.clock.now();
    const [row] = await ctx.tx.db
      .insert(campaigns)
      .values({ ...wanted, tenantId: ctx.tenantId, createdBy, createdAt: now, updatedAt: now })
      .onConflictDoNothing()
      .returning();
    if (!row) {
      const known = await ownCampaign(ctx, wanted.id).catch(() => null);
      if (known) return known;
      throw conflict("campaign_id_taken", "This id is in use. Choose a new one.");
    }
    const detail = { name: row.name };
    await audit(ctx, { action: "campaigns.create", subjectType: "campaign", subjectId: row.id, detail });
    return row;
  });
}
