/** E-mails about sender names: to those who have to decide, and to those who asked when all is decided. */
import { notifyPeople } from "#server/domain/identity/notify-people.ts";
import { senderAwaited, senderDecided } from "#server/domain/senders/events.ts";
import { getSender } from "#server/domain/senders/get.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

export const notifySenderAwaited = inngest.createFunction(
  { id: "notify-sender-awaited", triggers: [{ event: senderAwaited.name }], retries: 5 },
  async ({ event, step, runId }) => {
    const { senderId, reviewerTenantId } = senderAwaited.schema.parse(event.data);
    await step.run("notify", async () => {
      const ctx = jobContext(jobBase(), "notify-sender-awaited", reviewerTenantId, runId);
      const sender = await getSender(ctx, { id: senderId });
      return notifyPeople(ctx, {
        to: { roles: ["owner", "manager", "moderator"] },
        kind: "sender_review",
        data: { senderName: sender.name, tenantName: sender.tenantName },
        path: "/console/senders",
        dedupeKey: `sender_review:${event.id ?? runId}`,
      });
    });
  },
);

export const notifySenderDecided = inngest.createFunction(
  { id: "notify-sender-decided", triggers: [{ event: senderDecided.name }], retries: 5 },
  async ({ event, step, runId }) => {
    const { tenantId, name: senderName, decision, reason } = senderDecided.schema.parse(event.data);
    const to = { roles: ["owner" as const, "manager" as const, "sender" as const] };
    const ctx = jobContext(jobBase(), "notify-sender-decided", tenantId, runId);
    const place = { path: "/console/senders", dedupeKey: `sender_decided:${event.id ?? runId}` };
    await step.run("notify", () => {
      if (decision === "approved")
        return notifyPeople(ctx, { to, kind: "sender_approved", data: { senderName }, ...place });
      const kind = decision === "rejected" ? "sender_rejected" : "sender_revoked";
      return notifyPeople(ctx, { to, kind, data: { senderName, reason: reason ?? "–" }, ...place });
    });
  },
);
