/** What the notifications room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

export const emailQueued = eventType("notifications/email.queued", z.object({ emailId: z.uuid() }));
