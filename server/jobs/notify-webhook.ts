/** E-mails to owners and managers when a webhook of theirs was turned off. */
import { notifyPeople } from "#server/domain/identity/notify-people.ts";
import { webhookDisabled } from "#server/domain/webhooks/events.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

export const notifyWebhook = inngest.createFunction(
  { id: "notify-webhook", triggers: [{ event: webhookDisabled.name }], retries: 5 },
  async ({ event, step, runId }) => {
    const { webhookId, tenantId, reason, url, at } = webhookDisabled.schema.parse(event.data);
    await step.run("notify", () =>
      notifyPeople(jobContext(jobBase(), "notify-webhook", tenantId, runId), {
        to: { roles: ["owner", "manager"] },
        kind: reason === "gone" ? "webhook_gone" : "webhook_failing",
        // Query strings may hold what only the receiver should know.
        data: { address: `${new URL(url).origin}${new URL(url).pathname}`.slice(0, 500) },
        path: `/console/webhooks/${webhookId}`,
        dedupeKey: `webhook_disabled:${webhookId}:${at}`,
      }),
    );
  },
);
