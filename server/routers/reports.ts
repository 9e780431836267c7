/** Reports over tRPC; the same as CSV over app/api/exports. */
import { getDashboard } from "#server/domain/reports/dashboard.ts";
import * as input from "#server/domain/reports/input.ts";
import { getOrderUse } from "#server/domain/reports/order-use.ts";
import { summarise } from "#server/domain/reports/summary.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const reportsRouter = router({
  summary: procedure.input(input.summary).query(({ ctx, input }) => summarise(ctx.caller, input)),
  dashboard: procedure.input(input.dashboard).query(({ ctx, input }) => getDashboard(ctx.caller, input)),
  orderUse: procedure.input(input.orderUse).query(({ ctx, input }) => getOrderUse(ctx.caller, input)),
});
