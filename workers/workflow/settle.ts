/** The end of a call: its outcome becomes the run's state, in one transaction, if the call was still ours to make. */
import type { Tx } from "#db/client.ts";
import { type Applied, applyStep } from "./apply-step.ts";
import type { Job } from "./claim.ts";
import { change, type Engine } from "./engine.ts";
import type { Event } from "./event.ts";
import type { Operation, Outcome, RunError } from "./outcome.ts";
import { routeEvents } from "./route-events.ts";
import { discovery, endRun, isOver, lockRun, queueCall, type Run } from "./runs.ts";

/** Wait before the next look for an app that is out of reach. */
const missingRetryMs = 1000;

/** An outcome that comes after the lease was lost, or after the run was cancelled, is dropped. */
export function settleCall(engine: Engine, job: Job, outcome: Outcome): Promise<void> {
  return change(engine, async (tx) => {
    const held = await heldRun(tx, job.runId, job.stepId, job.leaseToken);
    if (!held) return;
    await routeEvents(engine, tx, await settle(engine, tx, held.run, { ...job, isAgain: held.isAgain }, outcome));
  });
}

/**
 * Steps that the SDK stores while it goes on within one call.
 * @returns false when the call is not the run's current one any more: the SDK then stops
 */
export function checkpoint(engine: Engine, runId: string, token: string, steps: Operation[]): Promise<boolean> {
  return change(engine, async (tx) => {
    const held = await heldRun(tx, runId, discovery, token);
    if (!held) return false;
    const memoised = await memoisedSteps(tx, runId);
    for (const step of steps) {
      if (step.op !== "StepRun" && step.op !== "Step") throw new Error(`A checkpoint cannot hold a step "${step.op}".`);
      const applied = await applyStep(engine, tx, held.run, step, memoised, false);
      if (applied.kind === "failed") throw new Error(applied.error.message);
    }
    await tx.sql`
      update workflow_jobs set attempt = 0 where run_id = ${runId} and step_id = ${discovery} and attempt > 0`;
    return true;
  });
}

async function heldRun(tx: Tx, runId: string, stepId: string, token: string) {
  const run = await lockRun(tx, runId);
  if (!run || isOver(run)) return null;
  const [job] = await tx.sql<{ isAgain: boolean }[]>`
    select is_again as "isAgain" from workflow_jobs
    where run_id = ${runId} and step_id = ${stepId} and lease_token = ${token} for update`;
  return job ? { run, isAgain: job.isAgain } : null;
}

type HeldJob = Job & { isAgain: boolean };

/** @returns events to route */
async function settle(engine: Engine, tx: Tx, run: Run, job: HeldJob, outcome: Outcome): Promise<Event[]> {
  switch (outcome.kind) {
    case "done":
      return endRun(engine, tx, run, { status: "completed", output: outcome.output });
    case "missing":
      return retryMissing(engine, tx, run, job, outcome.message);
    case "error":
      if (outcome.isRetriable && job.attempt + 1 < job.maxAttempts) {
        await retry(engine, tx, job, outcome.retryAt);
        return [];
      }
      return endRun(engine, tx, run, { status: "failed", error: outcome.error });
    case "steps":
      return applySteps(engine, tx, run, job, outcome);
  }
}

async function applySteps(
  engine: Engine,
  tx: Tx,
  run: Run,
  job: HeldJob,
  outcome: Extract<Outcome, { kind: "steps" }>,
): Promise<Event[]> {
  const memoised = await memoisedSteps(tx, run.id);
  const isLastAttempt = job.attempt + 1 >= job.maxAttempts;
  const results: Applied[] = [];
  for (const step of outcome.operations) {
    const applied = await applyStep(engine, tx, run, step, memoised, isLastAttempt);
    if (applied.kind === "completed") return endRun(engine, tx, run, { status: "completed", output: applied.output });
    if (applied.kind === "failed") return endRun(engine, tx, run, { status: "failed", error: applied.error });
    results.push(applied);
  }
  if (results.some((result) => result.kind === "retry")) {
    await retry(engine, tx, job, outcome.retryAt);
    return [];
  }
  const hasMoved = results.some((result) => result.kind === "moved");
  if (job.stepId !== discovery) {
    await finish(tx, job);
    await queueCall(engine, tx, run, discovery);
  } else if (hasMoved || job.isAgain) await callAgain(engine, tx, job);
  else await finish(tx, job);
  if (await isPending(tx, run.id)) return [];
  // The app reported nothing to wait for, and nothing would ever call the run again.
  return endRun(engine, tx, run, { status: "failed", error: stuck });
}

const stuck: RunError = { name: "Error", message: "The function reported no step, and did not end." };

async function retryMissing(engine: Engine, tx: Tx, run: Run, job: HeldJob, message: string): Promise<Event[]> {
  const now = engine.clock.now();
  const since = job.missingSince ?? now;
  if (now.getTime() - since.getTime() > engine.settings.missingMaxMs) {
    return endRun(engine, tx, run, { status: "failed", error: { name: "AppOutOfReach", message } });
  }
  await release(tx, job, {
    attempt: job.attempt,
    dueAt: new Date(now.getTime() + missingRetryMs),
    missingSince: since,
  });
  return [];
}

/** Exponential backoff with jitter, unless the function said when. */
async function retry(engine: Engine, tx: Tx, job: HeldJob, retryAt: Date | null): Promise<void> {
  const { retryBaseMs, retryMaxMs } = engine.settings;
  const waitMs = Math.min(retryMaxMs, retryBaseMs * 2 ** job.attempt) * (0.8 + Math.random() * 0.4);
  const dueAt = retryAt ?? new Date(engine.clock.now().getTime() + waitMs);
  await release(tx, job, { attempt: job.attempt + 1, dueAt, missingSince: null });
}

const callAgain = (engine: Engine, tx: Tx, job: HeldJob) =>
  release(tx, job, { attempt: 0, dueAt: engine.clock.now(), missingSince: null });

async function release(
  tx: Tx,
  job: Job,
  next: { attempt: number; dueAt: Date; missingSince: Date | null },
): Promise<void> {
  await tx.sql`
    update workflow_jobs set attempt = ${next.attempt}, due_at = ${next.dueAt}, missing_since = ${next.missingSince},
           lease_token = null, lease_until = null, is_again = false
    where run_id = ${job.runId} and step_id = ${job.stepId}`;
}

const finish = (tx: Tx, job: Job) =>
  tx.sql`delete from workflow_jobs where run_id = ${job.runId} and step_id = ${job.stepId}`;

async function memoisedSteps(tx: Tx, runId: string): Promise<Set<string>> {
  const rows = await tx.sql<{ id: string }[]>`select id from workflow_steps where run_id = ${runId}`;
  return new Set(rows.map((row) => row.id));
}

async function isPending(tx: Tx, runId: string): Promise<boolean> {
  const [row] = await tx.sql`
    select 1 from workflow_jobs where run_id = ${runId}
    union all select 1 from workflow_waits where run_id = ${runId} and kind <> 'cancel' limit 1`;
  return row !== undefined;
}
