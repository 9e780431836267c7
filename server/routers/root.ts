/** Every router, listed by hand: the isolation matrix is generated from it. */

import { auditRouter } from "#server/routers/audit.ts";
import { brandingRouter } from "#server/routers/branding.ts";
import { campaignsRouter } from "#server/routers/campaigns.ts";
import { contactsRouter } from "#server/routers/contacts.ts";
import { emailsRouter } from "#server/routers/emails.ts";
import { keysRouter } from "#server/routers/keys.ts";
import { ledgerRouter } from "#server/routers/ledger.ts";
import { messagesRouter } from "#server/routers/messages.ts";
import { moderationRouter } from "#server/routers/moderation.ts";
import { ordersRouter } from "#server/routers/orders.ts";
import { pricesRouter } from "#server/routers/prices.ts";
import { reportsRouter } from "#server/routers/reports.ts";
import { retentionRouter } from "#server/routers/retention.ts";
import { routingRouter } from "#server/routers/routing.ts";
import { sendersRouter } from "#server/routers/senders.ts";
import { sessionRouter } from "#server/routers/session.ts";
import { smppAccountsRouter } from "#server/routers/smpp-accounts.ts";
import { tenantsRouter } from "#server/routers/tenants.ts";
import { throughputRouter } from "#server/routers/throughput.ts";
import { createCallerFactory, router } from "#server/routers/trpc.ts";
import { usersRouter } from "#server/routers/users.ts";
import { webhooksRouter } from "#server/routers/webhooks.ts";

export const appRouter = router({
  audit: auditRouter,
  branding: brandingRouter,
  campaigns: campaignsRouter,
  contacts: contactsRouter,
  emails: emailsRouter,
  keys: keysRouter,
  ledger: ledgerRouter,
  messages: messagesRouter,
  moderation: moderationRouter,
  orders: ordersRouter,
  prices: pricesRouter,
  reports: reportsRouter,
  retention: retentionRouter,
  routing: routingRouter,
  senders: sendersRouter,
  session: sessionRouter,
  smppAccounts: smppAccountsRouter,
  tenants: tenantsRouter,
  throughput: throughputRouter,
  users: usersRouter,
  webhooks: webhooksRouter,
});
export type AppRouter = typeof appRouter;

/** Calls the same procedures without HTTP: server components and tests. */
export const createCaller = createCallerFactory(appRouter);
