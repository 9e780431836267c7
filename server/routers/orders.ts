/** Orders over tRPC. */
import { cancelOrder } from "#server/domain/orders/cancel.ts";
import { closeOrder } from "#server/domain/orders/close.ts";
import { createOrder } from "#server/domain/orders/create.ts";
import { getOrder } from "#server/domain/orders/get.ts";
import * as input from "#server/domain/orders/input.ts";
import { listOrders } from "#server/domain/orders/list.ts";
import { signOrder } from "#server/domain/orders/sign.ts";
import { topUpOrder } from "#server/domain/orders/top-up.ts";
import { updateOrder } from "#server/domain/orders/update.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const ordersRouter = router({
  list: procedure.input(input.listOrders).query(({ ctx, input }) => listOrders(ctx.caller, input)),
  get: procedure.input(input.orderById).query(({ ctx, input }) => getOrder(ctx.caller, input)),
  create: procedure.input(input.createOrder).mutation(({ ctx, input }) => createOrder(ctx.caller, input)),
  update: procedure.input(input.updateOrder).mutation(({ ctx, input }) => updateOrder(ctx.caller, input)),
  sign: procedure.input(input.orderById).mutation(({ ctx, input }) => signOrder(ctx.caller, input)),
  cancel: procedure.input(input.orderById).mutation(({ ctx, input }) => cancelOrder(ctx.caller, input)),
  topUp: procedure.input(input.topUpOrder).mutation(({ ctx, input }) => topUpOrder(ctx.caller, input)),
  close: procedure.input(input.closeOrder).mutation(({ ctx, input }) => closeOrder(ctx.caller, input)),
});
