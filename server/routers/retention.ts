/** How long messages are kept, over tRPC. */
import { getRetention } from "#server/domain/retention/get-retention.ts";
import * as input from "#server/domain/retention/input.ts";
import { setRetention } from "#server/domain/retention/set-policy.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const retentionRouter = router({
  get: procedure.input(input.retentionOverview).query(({ ctx, input }) => getRetention(ctx.caller, input)),
  set: procedure.input(input.retentionPolicy).mutation(({ ctx, input }) => setRetention(ctx.caller, input)),
});
