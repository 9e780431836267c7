/** What the tenants room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

export const tenantSuspended = eventType(
  "tenants/tenant.suspended",
  z.object({ tenantId: z.uuid(), reason: z.string() }),
);
export const tenantResumed = eventType("tenants/tenant.resumed", z.object({ tenantId: z.uuid() }));
