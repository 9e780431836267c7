/** Deletes a recipient list that no unfinished campaign needs; finished campaigns keep their figures and let go of it. */
import { and, eq } from "drizzle-orm";
import { campaigns } from "#db/schema/campaigns.ts";
import { isOver } from "#server/domain/campaigns/state.ts";
import { deleteList } from "#server/domain/contacts/delete-list.ts";
import { type ListId, listId as schema } from "#server/domain/contacts/input.ts";
import { ownList } from "#server/domain/contacts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws conflict `list_in_use` naming a campaign that needs it · not_found `list_not_found` */
export async function retireList(ctx: Context, input: ListId): Promise<{ id: string }> {
  allow(ctx, "contacts.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    await ownList(ctx, id);
    const mine = and(eq(campaigns.tenantId, ctx.tenantId), eq(campaigns.listId, id));
    const users = await ctx.tx.db.select().from(campaigns).where(mine).for("update");
    const busy = users.find((campaign) => !isOver(campaign.status));
    if (busy) {
      throw conflict("list_in_use", `The campaign "${busy.name}" uses this list. Choose another list there first.`, {
        campaignId: busy.id,
      });
    }
    await ctx.tx.db.update(campaigns).set({ listId: null }).where(mine);
    return deleteList(ctx, { id });
  });
}
