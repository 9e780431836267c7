/** GET /api/v1/queue: what waits for carriers, by lane, and for how much longer. */
import { z } from "zod";
import { trafficClass } from "#server/domain/messages/input.ts";
import { queueFigures } from "#server/domain/throughput/queue-figures.ts";
import { parse } from "#server/kernel/parse.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";

const queueQuery = z.strictObject({
  tenant: z.uuid().optional().describe("An account below; the own one when left out."),
  scope: z.enum(["self", "subtree"]).optional().describe("Whether accounts below it count, too. Default subtree."),
});

const lane = z.object({
  lane: trafficClass,
  waiting: z.int().describe("Messages that no carrier has yet, with those that are held or scheduled."),
  held: z.int().describe("Paused, or in review."),
  scheduled: z.int().describe("Not to go before their time, or to be tried again later."),
  oldestSeconds: z.int().nullable().describe("How long the first that may go has been ready; null: none may go."),
  drainSeconds: z.int().nullable().describe("Until the last is gone at the present speed; null: nothing moves."),
});
const queueAnswer = z.object({
  countedAt: z.iso.datetime().nullable().describe("When it was counted; null: nothing waits."),
  lanes: z.array(lane),
  tenants: z.array(z.object({ tenantId: z.uuid(), name: z.string(), lanes: z.array(lane) })),
});

export const queueEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/api/v1/queue",
    operationId: "getQueue",
    summary: "What waits for carriers, by lane and account: how much, since when, for how much longer.",
    scope: "messages.read",
    query: queueQuery,
    status: 200,
    answer: queueAnswer,
    async handle({ ctx, query }) {
      const { tenant: tenantId, scope } = parse(queueQuery, query);
      const { countedAt, lanes, tenants } = await queueFigures(ctx, { tenantId, scope });
      return {
        countedAt: countedAt?.toISOString() ?? null,
        lanes,
        tenants: tenants.map(({ tenantName: name, ...rest }) => ({ ...rest, name })),
      };
    },
  },
];
