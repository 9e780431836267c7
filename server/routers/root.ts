/** Every router, listed by hand: the isolation matrix is generated from it. */
import { campaignsRouter } from "#server/routers/campaigns.ts";
import { contactsRouter } from "#server/routers/contacts.ts";
import { ledgerRouter } from "#server/routers/ledger.ts";
import { messagesRouter } from "#server/routers/messages.ts";
import { ordersRouter } from "#server/routers/orders.ts";
import { pricesRouter } from "#server/routers/prices.ts";
import { routingRouter } from "#server/routers/routing.ts";
import { tenantsRouter } from "#server/routers/tenants.ts";
import { createCallerFactory, router } from "#server/routers/trpc.ts";

export const appRouter = router({
  campaigns: campaignsRouter,
  contacts: contactsRouter,
  ledger: ledgerRouter,
  messages: messagesRouter,
  orders: ordersRouter,
  prices: pricesRouter,
  routing: routingRouter,
  tenants: tenantsRouter,
});
export type AppRouter = typeof appRouter;

/** Calls the same procedures without HTTP: server components and tests. */
export const createCaller = createCallerFactory(appRouter);
