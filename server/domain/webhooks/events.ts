/** What the webhooks room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

const endpoint = z.object({ webhookId: z.uuid(), tenantId: z.uuid() });

/** The first tries failed: from now on it is tried now and then, until it answers or days have passed. */
export const webhookFailing = eventType("webhooks/endpoint.failing", endpoint.extend({ since: z.iso.datetime() }));
export const webhookDisabled = eventType(
  "webhooks/endpoint.disabled",
  endpoint.extend({ reason: z.enum(["gone", "failing"]), url: z.string(), at: z.iso.datetime() }),
);
export const webhookReplayAsked = eventType(
  "webhooks/replay.asked",
  z.object({ replayId: z.uuid(), tenantId: z.uuid() }),
);
