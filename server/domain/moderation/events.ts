/** What the moderation room tells the others. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

const subjectType = z.enum(["campaign", "batch"]);

export const caseOpened = eventType(
  "moderation/case.opened",
  z.object({ caseId: z.uuid(), subjectType, subjectId: z.uuid(), tenantId: z.uuid(), policyTenantId: z.uuid() }),
);

export const caseDecided = eventType(
  "moderation/case.decided",
  z.object({
    caseId: z.uuid(),
    subjectType,
    subjectId: z.uuid(),
    tenantId: z.uuid(),
    decision: z.enum(["approved", "rejected"]),
  }),
);
