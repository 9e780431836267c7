/** GET /api/v1/webhooks, and the shape of what webhooks send. They are set up in the console or over tRPC: see docs/api/webhooks.md. */
import { z } from "zod";
import { webhookEventTypes } from "#server/domain/webhooks/input.ts";
import { listWebhooks } from "#server/domain/webhooks/list.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";

const moment = z.iso.datetime();

const webhook = z.object({
  id: z.uuid(),
  url: z.string(),
  description: z.string(),
  events: z.array(z.string()),
  batchSize: z.int(),
  status: z.enum(["active", "paused", "disabled"]),
  failingSince: moment.nullable().describe("Set while its receiver takes nothing."),
  retryAt: moment.nullable().describe("A failing one is not tried before."),
  lastStatus: z.int().nullable(),
  lastSuccessAt: moment.nullable(),
  waiting: z.object({ new: z.int(), retries: z.int(), oldestAt: moment.nullable() }),
});

/** The body of a request that carries one event. */
export const webhookEvent = z.object({
  type: z.enum(webhookEventTypes),
  timestamp: moment,
  data: z
    .record(z.string(), z.unknown())
    .describe("Of a message: id, reference, to, sender, status, errorCode, parts, price, …"),
});

export const webhookEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/api/v1/webhooks",
    operationId: "listWebhooks",
    summary: "The account's webhooks, with their health and what waits for them.",
    scope: "webhooks.read",
    status: 200,
    answer: z.object({ items: z.array(webhook) }),
    async handle({ ctx }) {
      const items = await listWebhooks(ctx, {});
      return {
        items: items.map(({ waiting: { fresh, retries, oldestAt }, ...row }) => ({
          id: row.id,
          url: row.url,
          description: row.description,
          events: row.events,
          batchSize: row.batchSize,
          status: row.status,
          failingSince: row.failingSince,
          retryAt: row.retryAt,
          lastStatus: row.lastStatus,
          lastSuccessAt: row.lastSuccessAt,
          waiting: { new: fresh, retries, oldestAt },
        })),
      };
    },
  },
];
