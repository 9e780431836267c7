/** A call request: the run's events and memoised steps go to the app, its answer comes back as an outcome. */
import type { Job } from "./claim.ts";
import type { Engine } from "./engine.ts";
import type { Event } from "./event.ts";
import { broken, type Outcome, readOutcome } from "./outcome.ts";
import { NotReached, sendSigned } from "./post.ts";
import { discovery } from "./runs.ts";
import { limits } from "./settings.ts";
import { canonicalJson, isSignedBy } from "./signature.ts";

export type MemoisedSteps = { steps: Record<string, { data: unknown } | { error: unknown }>; order: string[] };

/** Never throws for what the app does; `stop` breaks the call off, and then throws. */
export async function callApp(engine: Engine, job: Job, stop: AbortSignal): Promise<Outcome> {
  const served = engine.catalog.get(job.functionId);
  if (!served) return { kind: "missing", message: `There is no function "${job.functionId}".` };
  const { settings } = engine;
  const url = new URL(served.config.steps.step.runtime.url);
  url.searchParams.set("fnId", job.functionId);
  url.searchParams.set("stepId", job.stepId);
  try {
    const answer = await sendSigned({
      method: "POST",
      url: url.toString(),
      body: await requestBody(engine, job),
      headers: { "x-request-id": job.leaseToken },
      signingKey: settings.signingKey,
      timeoutMs: settings.callTimeoutMs,
      maxAnswerBytes: limits.answerBytes,
      stop,
    });
    // Only the app can sign with our key. Anything else that answers (a proxy, another program) has not run the step.
    if (!isSignedBy(answer.headers["x-inngest-signature"], answer.body, settings.signingKey, Date.now())) {
      return { kind: "missing", message: `${url.origin} answered ${answer.status} without the app's signature.` };
    }
    return readOutcome(answer, engine.clock.now());
  } catch (error) {
    if (stop.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    return error instanceof NotReached ? { kind: "missing", message } : broken(`The call broke off: ${message}`);
  }
}

/** The memoised steps of a run, in the order in which they were completed. */
export async function memoisedSteps(engine: Engine, runId: string): Promise<MemoisedSteps> {
  const rows = await engine.db.sql<{ id: string; data: unknown; error: unknown }[]>`
    select id, data, error from workflow_steps where run_id = ${runId} order by position`;
  const steps = rows.map(({ id, data, error }) => [id, error === null ? { data } : { error }] as const);
  return { steps: Object.fromEntries(steps), order: rows.map((row) => row.id) };
}

async function requestBody(engine: Engine, job: Job): Promise<string> {
  const [run] = await engine.db.sql<{ events: Event[]; others: number }[]>`
    select events, (
        (select count(*) from workflow_jobs where run_id = r.id and step_id <> ${job.stepId})
        + (select count(*) from workflow_waits where run_id = r.id and kind <> 'cancel'))::int as others
    from workflow_runs r where id = ${job.runId}`;
  const { steps, order } = await memoisedSteps(engine, job.runId);
  const events = run?.events ?? [];
  const body = {
    version: -1,
    event: events[0] ?? {},
    events,
    steps,
    ctx: {
      run_id: job.runId,
      fn_id: job.functionId,
      step_id: job.stepId,
      attempt: job.attempt,
      max_attempts: job.maxAttempts,
      // While something else of this run is under way, a step that is found is planned and not run in passing.
      disable_immediate_execution: job.stepId === discovery && (run?.others ?? 0) > 0,
      use_api: false,
      // The SDK names it when it stores steps during the call; it fences off a call that is not ours any more.
      qi_id: job.leaseToken,
      stack: { stack: order, current: order.length },
    },
  };
  const text = canonicalJson(body);
  if (text.length <= limits.callBytes) return text;
  return canonicalJson({ ...body, events: [], steps: {}, ctx: { ...body.ctx, use_api: true } });
}
