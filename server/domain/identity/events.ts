/** What the identity room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

/** Too many wrong passwords: the account waits, and its owner should know. */
export const userLocked = eventType(
  "identity/user.locked",
  z.object({ userId: z.uuid(), tenantId: z.uuid(), lockedUntil: z.iso.datetime() }),
);
