/** Makes a new draft from a campaign: same text, sender and list, nothing of its history. */
import { createCampaign } from "#server/domain/campaigns/create.ts";
import { type DuplicateCampaign, duplicateCampaign as schema } from "#server/domain/campaigns/input.ts";
import { type Campaign, ownCampaign } from "#server/domain/campaigns/scope.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** Idempotent by `newId`. The schedule is not copied. */
export async function duplicateCampaign(ctx: Context, input: DuplicateCampaign): Promise<Campaign> {
  allow(ctx, "campaigns.write");
  const { id, newId, name } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const known = await ownCampaign(ctx, newId).catch(() => null);
    if (known) return known;
    const source = await ownCampaign(ctx, id);
    const copy = await createCampaign(ctx, {
      id: newId,
      name: name ?? `${source.name.slice(0, 117)} 2`,
      trafficClass: source.trafficClass === "otp" ? "transactional" : source.trafficClass,
      senderId: source.senderId ?? undefined,
      template: source.template,
    });
    return source.listId ? setAudience(ctx, { id: copy.id, listId: source.listId }) : copy;
  });
}
