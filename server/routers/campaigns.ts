/** Campaigns over tRPC. */
import { composeCheck } from "#server/domain/campaigns/compose-check.ts";
import { createCampaign } from "#server/domain/campaigns/create.ts";
import { deleteCampaign } from "#server/domain/campaigns/delete.ts";
import { duplicateCampaign } from "#server/domain/campaigns/duplicate.ts";
import { getCampaign } from "#server/domain/campaigns/get.ts";
import * as input from "#server/domain/campaigns/input.ts";
import { listCampaigns } from "#server/domain/campaigns/list.ts";
import { pauseCampaign } from "#server/domain/campaigns/pause.ts";
import { getProgress } from "#server/domain/campaigns/progress.ts";
import { quoteCampaign } from "#server/domain/campaigns/quote.ts";
import { listRefusals } from "#server/domain/campaigns/refusals.ts";
import { resumeCampaign } from "#server/domain/campaigns/resume.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { stopCampaign } from "#server/domain/campaigns/stop.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { updateCampaign } from "#server/domain/campaigns/update.ts";
import { withdrawCampaign } from "#server/domain/campaigns/withdraw.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const campaignsRouter = router({
  list: procedure.input(input.listCampaigns).query(({ ctx, input }) => listCampaigns(ctx.caller, input)),
  get: procedure.input(input.campaignId).query(({ ctx, input }) => getCampaign(ctx.caller, input)),
  progress: procedure.input(input.campaignId).query(({ ctx, input }) => getProgress(ctx.caller, input)),
  quote: procedure.input(input.campaignId).query(({ ctx, input }) => quoteCampaign(ctx.caller, input)),
  refusals: procedure.input(input.listRefusals).query(({ ctx, input }) => listRefusals(ctx.caller, input)),
  /** A mutation only because a long text does not fit into an address. */
  composeCheck: procedure.input(input.composeCheck).mutation(({ ctx, input }) => composeCheck(ctx.caller, input)),
  create: procedure.input(input.createCampaign).mutation(({ ctx, input }) => createCampaign(ctx.caller, input)),
  update: procedure.input(input.updateCampaign).mutation(({ ctx, input }) => updateCampaign(ctx.caller, input)),
  setAudience: procedure.input(input.setAudience).mutation(({ ctx, input }) => setAudience(ctx.caller, input)),
  duplicate: procedure
    .input(input.duplicateCampaign)
    .mutation(({ ctx, input }) => duplicateCampaign(ctx.caller, input)),
  delete: procedure.input(input.campaignId).mutation(({ ctx, input }) => deleteCampaign(ctx.caller, input)),
  submit: procedure.input(input.campaignId).mutation(({ ctx, input }) => submitCampaign(ctx.caller, input)),
  withdraw: procedure.input(input.campaignId).mutation(({ ctx, input }) => withdrawCampaign(ctx.caller, input)),
  pause: procedure.input(input.campaignId).mutation(({ ctx, input }) => pauseCampaign(ctx.caller, input)),
  resume: procedure.input(input.campaignId).mutation(({ ctx, input }) => resumeCampaign(ctx.caller, input)),
  stop: procedure.input(input.campaignId).mutation(({ ctx, input }) => stopCampaign(ctx.caller, input)),
});
