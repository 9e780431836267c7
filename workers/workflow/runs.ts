/** A run's life: made, locked for a change, moved on, ended. Every change of a run holds the lock on its row. */
import type { Tx } from "#db/client.ts";
import type { ServedFunction } from "./catalog.ts";
import { momentOf } from "./duration.ts";
import type { Engine } from "./engine.ts";
import { type Event, ownEvent } from "./event.ts";
import { type Condition, conditionsFor, keyText, parseCondition, parseKey } from "./expression.ts";
import { concurrencyOf } from "./function-config.ts";
import { runsEnded, runsStarted } from "./metrics.ts";
import { canonicalJson } from "./signature.ts";

/** The step id of the call that discovers what comes next. */
export const discovery = "step";

export type NewRun = {
  id: string;
  served: ServedFunction;
  event: Event;
  parent?: { runId: string; stepId: string };
};

export type Run = {
  id: string;
  functionId: string;
  status: "queued" | "running" | "completed" | "failed" | "cancelled";
  events: Event[];
  groupKeys: string[];
  groupLimits: number[];
  parentRunId: string | null;
  parentStepId: string | null;
  stepCount: number;
};

export const isOver = (run: Run): boolean => run.status !== "queued" && run.status !== "running";

/** Harmless when a run with that id exists. An event dated in the future starts its runs then. */
export async function createRun(engine: Engine, tx: Tx, { id, served, event, parent }: NewRun): Promise<void> {
  const now = engine.clock.now();
  const groups = concurrencyOf(served.config).map(({ key, scope = "fn", limit }) => ({
    key: [scope === "fn" ? served.id : scope, key ?? "", key ? keyText(parseKey(key), event) : ""].join("|"),
    limit,
  }));
  const groupKeys = groups.map((group) => group.key);
  const groupLimits = groups.map((group) => group.limit);
  const made = await tx.sql`
    insert into workflow_runs (id, function_id, status, event_name, events, group_keys, group_limits, parent_run_id, parent_step_id, created_at)
    values (${id}, ${served.id}, 'queued', ${event.name}, ${JSON.stringify([event])}::json, ${groupKeys}::text[],
            ${groupLimits}::int[], ${parent?.runId ?? null}, ${parent?.stepId ?? null}, ${now})
    on conflict (id) do nothing returning id`;
  if (made.length === 0) return;
  runsStarted.inc({ function: served.id });
  const dueAt = event.ts > now.getTime() ? new Date(event.ts) : now;
  await tx.sql`
    insert into workflow_jobs (run_id, step_id, due_at, group_keys, group_limits)
    values (${id}, ${discovery}, ${dueAt}, ${groupKeys}::text[], ${groupLimits}::int[])`;
  for (const [index, cancel] of (served.config.cancel ?? []).entries()) {
    const conditions = cancel.if ? conditionsFor(parseCondition(cancel.if, ["event", "async"]), event) : [];
    if (!conditions) continue;
    await addWait(tx, id, {
      stepId: `cancel:${index}`,
      name: cancel.event,
      kind: "cancel",
      dueAt: cancel.timeout ? momentOf(cancel.timeout, now) : null,
      eventName: cancel.event,
      conditions,
    });
  }
}

export async function lockRun(tx: Tx, runId: string): Promise<Run | null> {
  const [run] = await tx.sql<Run[]>`
    select id, function_id as "functionId", status, events, group_keys as "groupKeys", group_limits as "groupLimits",
           parent_run_id as "parentRunId", parent_step_id as "parentStepId", step_count as "stepCount"
    from workflow_runs where id = ${runId} for update`;
  return run ?? null;
}

export type StepResult = { id: string; name: string; op: string; data?: unknown; error?: unknown };

/** Stores a step's result, once: what is memoised already stays as it is. */
export async function memoise(engine: Engine, tx: Tx, run: Run, step: StepResult): Promise<void> {
  const data = step.error === undefined ? JSON.stringify(step.data ?? null) : null;
  const error = step.error === undefined ? null : JSON.stringify(step.error);
  const stored = await tx.sql`
    insert into workflow_steps (run_id, id, name, op, data, error, position, stored_at)
    values (${run.id}, ${step.id}, ${step.name}, ${step.op}, ${data}::json, ${error}::json, ${run.stepCount + 1}, ${engine.clock.now()})
    on conflict do nothing returning id`;
  if (stored.length === 0) return;
  run.stepCount += 1;
  await tx.sql`update workflow_runs set step_count = ${run.stepCount} where id = ${run.id}`;
}

/** Queues a call. One that waits or runs already is not doubled; a discovery under way is repeated after it. */
export async function queueCall(engine: Engine, tx: Tx, run: Run, stepId: string): Promise<void> {
  await tx.sql`
    insert into workflow_jobs (run_id, step_id, due_at, group_keys, group_limits)
    values (${run.id}, ${stepId}, ${engine.clock.now()}, ${run.groupKeys}::text[], ${run.groupLimits}::int[])
    on conflict (run_id, step_id) do update set is_again = workflow_jobs.lease_token is not null`;
}

export type NewWait = {
  stepId: string;
  name: string;
  kind: "sleep" | "event" | "invoke" | "cancel";
  dueAt: Date | null;
  eventName?: string;
  conditions?: Condition[];
};

export async function addWait(tx: Tx, runId: string, wait: NewWait): Promise<void> {
  const first = wait.conditions?.find((condition) => condition.operator === "==");
  const matchPath = first ? first.path.join(".") : null;
  const matchKey = first ? matchKeyOf(first.path.join("."), first.value) : null;
  await tx.sql`
    insert into workflow_waits (run_id, step_id, name, kind, due_at, event_name, match_path, match_key, conditions)
    values (${runId}, ${wait.stepId}, ${wait.name}, ${wait.kind}, ${wait.dueAt}, ${wait.eventName ?? null}, ${matchPath},
            ${matchKey}, ${JSON.stringify(wait.conditions ?? [])}::json)
    on conflict do nothing`;
}

/** Long values would not fit in the index; the conditions are checked again in full. */
export const matchKeyOf = (path: string, value: unknown): string => `${path}=${canonicalJson(value).slice(0, 500)}`;

export type Ending =
  | { status: "completed"; output: unknown }
  | { status: "failed" | "cancelled"; error: { name: string; message: string } & Record<string, unknown> };

/**
 * Ends a run: nothing of it is called again, and the step that invoked it gets its result.
 * @returns the events that the server itself has to route, such as inngest/function.failed
 */
export async function endRun(engine: Engine, tx: Tx, run: Run, ending: Ending): Promise<Event[]> {
  const now = engine.clock.now();
  const output = ending.status === "completed" ? JSON.stringify(ending.output ?? null) : null;
  const error = ending.status === "completed" ? null : JSON.stringify(ending.error);
  await tx.sql`
    update workflow_runs set status = ${ending.status}, output = ${output}::json, error = ${error}::json, ended_at = ${now}
    where id = ${run.id}`;
  run.status = ending.status;
  await tx.sql`delete from workflow_jobs where run_id = ${run.id}`;
  await tx.sql`delete from workflow_waits where run_id = ${run.id}`;
  runsEnded.inc({ function: run.functionId, status: ending.status });
  if (run.parentRunId && run.parentStepId) {
    const result = ending.status === "completed" ? { data: ending.output } : { error: ending.error };
    await resolveWait(engine, tx, run.parentRunId, run.parentStepId, result);
  }
  const [event] = run.events;
  // A handler of failures that fails itself must not start itself again, for ever.
  if (ending.status === "completed" || event?.name.startsWith("inngest/function.")) return [];
  const data = { error: ending.error, event, events: run.events, function_id: run.functionId, run_id: run.id };
  return [ownEvent(`inngest/function.${ending.status}`, data, now)];
}

/** What a run waited for has come: memoised, and the run goes on. Harmless when the wait is over already. */
export async function resolveWait(
  engine: Engine,
  tx: Tx,
  runId: string,
  stepId: string,
  result: { data?: unknown; error?: unknown },
): Promise<void> {
  const run = await lockRun(tx, runId);
  if (!run || isOver(run)) return;
  const [wait] = await tx.sql<{ name: string; kind: string }[]>`
    delete from workflow_waits where run_id = ${runId} and step_id = ${stepId} returning name, kind`;
  if (!wait) return;
  await memoise(engine, tx, run, { id: stepId, name: wait.name, op: wait.kind, ...result });
  await queueCall(engine, tx, run, discovery);
}
