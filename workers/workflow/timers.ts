/** What becomes due without a call: sleeps that are over, waits that are given up, cron schedules; and old rows that go. */
import { newId } from "#server/kernel/id.ts";
import { nextMoment, parseCron } from "./cron.ts";
import { change, type Engine } from "./engine.ts";
import { ownEvent } from "./event.ts";
import { createRuns, resolveWait } from "./runs.ts";
import { limits } from "./settings.ts";

const batchSize = 200;

type DueWait = { runId: string; stepId: string; kind: "sleep" | "event" | "invoke" | "cancel"; name: string };

/** @returns whether there may be more that is due */
export async function fireWaits(engine: Engine): Promise<boolean> {
  const due = await engine.db.sql<DueWait[]>`
    select run_id as "runId", step_id as "stepId", kind, name from workflow_waits
    where due_at <= ${engine.clock.now()} order by due_at limit ${batchSize}::int`;
  for (const wait of due) {
    await change(engine, async (tx) => {
      if (wait.kind === "cancel") {
        await tx.sql`delete from workflow_waits where run_id = ${wait.runId} and step_id = ${wait.stepId}`;
        return;
      }
      const error = { name: "InngestInvokeTimeoutError", message: `"${wait.name}" did not end in time.` };
      await resolveWait(engine, tx, wait.runId, wait.stepId, wait.kind === "invoke" ? { error } : { data: null });
    });
  }
  return due.length === batchSize;
}

/** Starts what is due by cron. What was missed while the server was down starts once, not once for every missed time. */
export async function fireCrons(engine: Engine): Promise<void> {
  const now = engine.clock.now();
  // Not `change`: this runs before every claim and need not wake the loop that calls it.
  await engine.db.asSystem(async (tx) => {
    const due = await tx.sql<{ functionId: string; expression: string; nextAt: Date }[]>`
      select function_id as "functionId", expression, next_at as "nextAt" from workflow_crons
      where next_at <= ${now} order by next_at limit ${batchSize}::int for update skip locked`;
    for (const { functionId, expression } of due) {
      const next = nextMoment(parseCron(expression), now);
      if (next) {
        await tx.sql`update workflow_crons set next_at = ${next} where function_id = ${functionId} and expression = ${expression}`;
      } else {
        await tx.sql`delete from workflow_crons where function_id = ${functionId} and expression = ${expression}`;
      }
      const served = engine.catalog.get(functionId);
      if (!served) continue;
      const event = ownEvent("inngest/scheduled.timer", { cron: expression }, now);
      await createRuns(engine, tx, [{ id: newId(now.getTime()), served, event }]);
    }
  });
}

/** Removes what nobody needs any more, in bounded bites. */
export async function prune(engine: Engine): Promise<void> {
  const now = engine.clock.now();
  await engine.db.sql`
    delete from workflow_seen where key in (
      select key from workflow_seen where seen_at < ${now}::timestamptz - make_interval(hours => ${limits.seenHours}::int) limit 5000)`;
  await engine.db.sql`
    delete from workflow_events where id in (
      select id from workflow_events where received_at < ${now}::timestamptz - make_interval(days => ${limits.eventDays}::int) limit 5000)`;
  await engine.db.sql`
    delete from workflow_runs where id in (
      select id from workflow_runs where ended_at < ${now}::timestamptz - make_interval(days => ${limits.endedRunDays}::int) limit 1000)`;
}
