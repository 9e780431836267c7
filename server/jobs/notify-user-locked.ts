/** Tells a person that somebody tried their account with wrong passwords until it locked. */
import { userLocked } from "#server/domain/identity/events.ts";
import { notifyPeople } from "#server/domain/identity/notify-people.ts";
import { inngest } from "#server/jobs/client.ts";
import { jobBase } from "#server/jobs/database.ts";
import { jobContext } from "#server/kernel/context.ts";

const hourMs = 3_600_000;

export const notifyUserLocked = inngest.createFunction(
  { id: "notify-user-locked", triggers: [{ event: userLocked.name }], retries: 5 },
  async ({ event, step, runId }) => {
    const { userId, tenantId, lockedUntil } = userLocked.schema.parse(event.data);
    await step.run("notify", () =>
      notifyPeople(jobContext(jobBase(), "notify-user-locked", tenantId, runId), {
        to: { userId },
        kind: "account_locked",
        data: { minutes: minutesOf(event.ts, lockedUntil) },
        path: "/forgot-password",
        // One an hour, however long somebody goes on guessing.
        dedupeKey: `account_locked:${Math.floor(Date.parse(lockedUntil) / hourMs)}`,
      }),
    );
  },
);

function minutesOf(fromMs: number | undefined, until: string): string {
  const leftMs = Date.parse(until) - (fromMs ?? Date.parse(until));
  return String(Math.max(1, Math.round(leftMs / 60_000)));
}
