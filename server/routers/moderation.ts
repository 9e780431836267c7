/** Moderation over tRPC: policies, filters and the queue. */
import { getCase, listCases } from "#server/domain/moderation/cases.ts";
import { decideCase } from "#server/domain/moderation/decide-case.ts";
import { createFilter, deleteFilter, listFilters } from "#server/domain/moderation/filters.ts";
import * as input from "#server/domain/moderation/input.ts";
import { getPolicy, setPolicy } from "#server/domain/moderation/policy.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const moderationRouter = router({
  getPolicy: procedure.input(input.getPolicy).query(({ ctx, input }) => getPolicy(ctx.caller, input)),
  setPolicy: procedure.input(input.setPolicy).mutation(({ ctx, input }) => setPolicy(ctx.caller, input)),
  listFilters: procedure.input(input.listFilters).query(({ ctx, input }) => listFilters(ctx.caller, input)),
  createFilter: procedure.input(input.createFilter).mutation(({ ctx, input }) => createFilter(ctx.caller, input)),
  deleteFilter: procedure.input(input.deleteFilter).mutation(({ ctx, input }) => deleteFilter(ctx.caller, input)),
  listCases: procedure.input(input.listCases).query(({ ctx, input }) => listCases(ctx.caller, input)),
  getCase: procedure.input(input.getCase).query(({ ctx, input }) => getCase(ctx.caller, input)),
  decideCase: procedure.input(input.decideCase).mutation(({ ctx, input }) => decideCase(ctx.caller, input)),
});
