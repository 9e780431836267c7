/** What the contacts room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

export const listImported = eventType(
  "contacts/list.imported",
  z.object({ listId: z.uuid(), tenantId: z.uuid(), acceptedCount: z.number().int(), rejectedCount: z.number().int() }),
);
