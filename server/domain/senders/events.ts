/** What the senders room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

/** Somebody's decision is awaited: after registration, and after every approval but the last. */
export const senderAwaited = eventType(
  "senders/sender.awaited",
  z.object({ senderId: z.uuid(), tenantId: z.uuid(), reviewerTenantId: z.uuid() }),
);

/** The final word: approved by all, rejected by one, or revoked. */
export const senderDecided = eventType(
  "senders/sender.decided",
  z.object({
    senderId: z.uuid(),
    tenantId: z.uuid(),
    name: z.string(),
    decision: z.enum(["approved", "rejected", "revoked"]),
    reason: z.string().nullable(),
  }),
);
