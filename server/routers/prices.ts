/** Price lists and quotes over tRPC. */
import { createPriceList } from "#server/domain/pricing/create-list.ts";
import { deletePriceList } from "#server/domain/pricing/delete-list.ts";
import { getPriceList } from "#server/domain/pricing/get-list.ts";
import * as input from "#server/domain/pricing/input.ts";
import { listPriceLists } from "#server/domain/pricing/list-lists.ts";
import { quote } from "#server/domain/pricing/quote.ts";
import { updatePriceList } from "#server/domain/pricing/update-list.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const pricesRouter = router({
  list: procedure.input(input.listPriceLists).query(({ ctx, input }) => listPriceLists(ctx.caller, input)),
  get: procedure.input(input.priceListById).query(({ ctx, input }) => getPriceList(ctx.caller, input)),
  create: procedure.input(input.createPriceList).mutation(({ ctx, input }) => createPriceList(ctx.caller, input)),
  update: procedure.input(input.updatePriceList).mutation(({ ctx, input }) => updatePriceList(ctx.caller, input)),
  delete: procedure.input(input.priceListById).mutation(({ ctx, input }) => deletePriceList(ctx.caller, input)),
  quote: procedure.input(input.quote).query(({ ctx, input }) => quote(ctx.caller, input)),
});
