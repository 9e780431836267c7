/** E-mails to a tenant's leads when its sending is suspended, and when it is resumed. */
import { notifyPeople } from "#server/domain/identity/notify-people.ts";
import { tenantResumed, tenantSuspended } from "#server/domain/tenants/events.ts";
import { getTenant } from "#server/domain/tenants/get.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

export const notifyTenant = inngest.createFunction(
  { id: "notify-tenant", triggers: [{ event: tenantSuspended.name }, { event: tenantResumed.name }], retries: 5 },
  async ({ event, step, runId }) => {
    const { tenantId } = tenantResumed.schema.parse({ tenantId: event.data.tenantId });
    const to = { roles: ["owner" as const, "manager" as const] };
    const place = { path: "/console", dedupeKey: `${event.name}:${event.id ?? runId}` };
    await step.run("notify", async () => {
      const ctx = jobContext(jobBase(), "notify-tenant", tenantId, runId);
      const { name: tenantName } = await getTenant(ctx, { id: tenantId });
      if (event.name === tenantResumed.name) {
        return notifyPeople(ctx, { to, kind: "tenant_resumed", data: { tenantName }, ...place });
      }
      const { reason } = tenantSuspended.schema.parse(event.data);
      return notifyPeople(ctx, { to, kind: "tenant_suspended", data: { tenantName, reason }, ...place });
    });
  },
);
