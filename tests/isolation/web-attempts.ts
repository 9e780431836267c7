/** How each route handler of the web is tried against somebody's holding. One that is not here fails the matrix. */
import superjson from "superjson";
import { newId } from "#server/kernel/id.ts";
import type { Holding } from "#tests/isolation/world.ts";

export type WebRequest = {
  /** In place of [name] in the route. */
  params?: Record<string, string | string[]>;
  query?: Record<string, string>;
  body?: string;
};

export type WebAttempts =
  /** Answers a signed-in person about what is in their scope. */
  | { kind: "scoped"; requests(target: Holding): WebRequest[] }
  /** Answers everybody the same. */
  | { kind: "public"; requests(target: Holding): WebRequest[] }
  /** Has a door of its own that other tests knock at. */
  | { kind: "elsewhere"; why: string };

const onePerson = (t: Holding) => `phone\n+${t.msisdn}\n`;
/** One request for each query. */
const asking = (...queries: Record<string, string>[]): WebRequest[] => queries.map((query) => ({ query }));
const input = (value: unknown) => JSON.stringify(superjson.serialize(value));

export const webAttempts: Record<string, WebAttempts> = {
  "GET /api/exports/audit-log": {
    kind: "scoped",
    requests: (t) => asking({ tenantId: t.tenantId }, { subjectId: t.userId }, { actorId: t.userId }, {}),
  },
  "GET /api/exports/ledger/[orderId]": {
    kind: "scoped",
    requests: (t) => [{ params: { orderId: t.orderId } }],
  },
  "GET /api/exports/why": {
    kind: "scoped",
    requests: (t) => asking({ id: t.messageId }, { id: t.msisdn }, { id: t.mark }, { id: t.batchId }),
  },
  "GET /api/exports/messages": {
    kind: "scoped",
    requests: (t) =>
      asking(
        { tenantId: t.tenantId },
        { search: t.messageId },
        { search: t.msisdn },
        { campaignId: t.campaignId },
        { sender: t.senderName },
        {},
      ),
  },
  "GET /api/exports/refusals/[campaignId]": {
    kind: "scoped",
    requests: (t) => [{ params: { campaignId: t.campaignId } }],
  },
  "GET /api/exports/rejected-rows/[listId]": {
    kind: "scoped",
    requests: (t) => [{ params: { listId: t.listId } }],
  },
  "GET /api/exports/summary": {
    kind: "scoped",
    requests: (t) =>
      asking(
        { tenantId: t.tenantId, groupBy: "tenant" },
        { campaignId: t.campaignId, groupBy: "campaign" },
        { orderId: t.orderId, groupBy: "order" },
        { senderId: t.senderId, groupBy: "sender" },
      ),
  },
  "POST /api/uploads/opt-outs": {
    kind: "scoped",
    requests: (t) => [{ query: { fileName: "stop.csv", phone: "phone" }, body: onePerson(t) }],
  },
  "POST /api/uploads/recipients": {
    kind: "scoped",
    // The id of somebody's list must not lead into it; a new id makes a list of one's own.
    requests: (t) =>
      [t.listId, newId()].map((id) => ({
        query: { id, name: "Taken over", fileName: "mine.csv", phone: "phone" },
        body: onePerson(t),
      })),
  },
  // The procedures have a matrix of their own (matrix.test.ts); here, that the session decides over this edge as well.
  "GET /api/trpc/[trpc]": {
    kind: "scoped",
    requests: (t) => [
      { params: { trpc: "campaigns.get" }, query: { input: input({ id: t.campaignId }) } },
      { params: { trpc: "orders.get" }, query: { input: input({ id: t.orderId }) } },
    ],
  },
  "POST /api/trpc/[trpc]": {
    kind: "scoped",
    requests: (t) => [
      { params: { trpc: "tenants.update" }, body: input({ id: t.tenantId, name: "Taken over" }) },
      { params: { trpc: "contacts.renameList" }, body: input({ id: t.listId, name: "Taken over" }) },
    ],
  },
  "GET /brand/logo/[tenantId]": { kind: "public", requests: (t) => [{ params: { tenantId: t.tenantId } }] },
  "GET /api/health": { kind: "public", requests: () => [{}] },
  "GET /api/auth/[...nextauth]": { kind: "elsewhere", why: "makes sessions: server/auth/auth.test.ts and e2e" },
  "POST /api/auth/[...nextauth]": { kind: "elsewhere", why: "makes sessions: server/auth/auth.test.ts and e2e" },
  "GET /api/inngest": { kind: "elsewhere", why: "for the engine, which signs its calls: tests/workflow" },
  "POST /api/inngest": { kind: "elsewhere", why: "for the engine, which signs its calls: tests/workflow" },
  "PUT /api/inngest": { kind: "elsewhere", why: "for the engine, which signs its calls: tests/workflow" },
};
