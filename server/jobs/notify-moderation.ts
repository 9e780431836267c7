/** E-mails about content: to moderators when some waits, to its owner when a campaign is decided. */
import { notifyPeople } from "#server/domain/identity/notify-people.ts";
import { getCase } from "#server/domain/moderation/cases.ts";
import { caseDecided, caseOpened } from "#server/domain/moderation/events.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

/** Messages from the API can open many cases: moderators are told at most once in this time. */
const quietMs = 15 * 60_000;

export const notifyCaseOpened = inngest.createFunction(
  { id: "notify-case-opened", triggers: [{ event: caseOpened.name }], retries: 5, concurrency: [{ limit: 2 }] },
  async ({ event, step, runId }) => {
    const { caseId, policyTenantId } = caseOpened.schema.parse(event.data);
    await step.run("notify", async () => {
      const ctx = jobContext(jobBase(), "notify-case-opened", policyTenantId, runId);
      const found = await getCase(ctx, { id: caseId });
      if (found.status !== "open") return 0;
      return notifyPeople(ctx, {
        to: { roles: ["owner", "manager", "moderator"] },
        kind: "case_opened",
        data: {
          senderName: found.senderName,
          tenantName: found.tenantName,
          recipients: String(found.recipientCount),
        },
        path: "/console/moderation",
        dedupeKey: `case_opened:${Math.floor(new Date(found.createdAt).getTime() / quietMs)}`,
      });
    });
  },
);

export const notifyCaseDecided = inngest.createFunction(
  { id: "notify-case-decided", triggers: [{ event: caseDecided.name }], retries: 5, concurrency: [{ limit: 2 }] },
  async ({ event, step, runId }) => {
    const { caseId, tenantId, subjectType, subjectId, decision } = caseDecided.schema.parse(event.data);
    // A batch has its answer in its messages' states; one e-mail for each would be noise.
    if (subjectType !== "campaign") return;
    await step.run("notify", async () => {
      const ctx = jobContext(jobBase(), "notify-case-decided", tenantId, runId);
      const { senderName, decisionReason } = await getCase(ctx, { id: caseId });
      const to = { roles: ["owner" as const, "manager" as const, "sender" as const] };
      const place = { path: `/console/campaigns/${subjectId}`, dedupeKey: `case_decided:${event.id ?? runId}` };
      if (decision === "approved")
        return notifyPeople(ctx, { to, kind: "case_approved", data: { senderName }, ...place });
      const reason = decisionReason ?? "–";
      return notifyPeople(ctx, { to, kind: "case_rejected", data: { senderName, reason }, ...place });
    });
  },
);
