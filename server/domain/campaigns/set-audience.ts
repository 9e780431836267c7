/** Chooses the list of recipients of a draft. */
import { readyList } from "#server/domain/campaigns/check-parts.ts";
import { type SetAudience, setAudience as schema } from "#server/domain/campaigns/input.ts";
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import { editDraft } from "#server/domain/campaigns/update.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `list_not_found` · conflict `list_not_ready`, `list_empty`, `campaign_status` */
export async function setAudience(ctx: Context, input: SetAudience): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id, listId } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const recipientCount = listId ? (await readyList(ctx, listId)).acceptedCount : 0;
    return editDraft(ctx, id, "campaigns.set_audience", { listId, recipientCount });
  });
}
