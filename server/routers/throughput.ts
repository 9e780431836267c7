/** Contracts and the queue over tRPC. */
import { getContract } from "#server/domain/throughput/get-contract.ts";
import * as input from "#server/domain/throughput/input.ts";
import { queueFigures } from "#server/domain/throughput/queue-figures.ts";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const throughputRouter = router({
  contract: procedure.input(input.contractOf).query(({ ctx, input }) => getContract(ctx.caller, input)),
  setContract: procedure.input(input.setContract).mutation(({ ctx, input }) => setContract(ctx.caller, input)),
  queue: procedure.input(input.queueFigures).query(({ ctx, input }) => queueFigures(ctx.caller, input)),
});
