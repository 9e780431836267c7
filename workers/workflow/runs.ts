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
export async function createRuns(engine: Engine, tx: Tx, wanted: readonly NewRun[]): Promise<void> {
  if (wanted.length === 0) return;
  const now = engine.clock.now();
  const rows = wanted.map(({ id, served, event, parent }) => {
    const groups = groupsOf(served, event);
    const dueAt = event.ts > now.getTime() ? new Date(event.ts) : now;
    return { id, served, event, parent, dueAt, keys: JSON.stringify(groups.map(({ key }) => key)), limits: groups };
  });
  // Arrays of arrays of different lengths do not exist in SQL: groups travel as JSON.
  const made = await tx.sql<{ id: string }[]>`
    with wanted as (
      select id, function_id, event_name, events::json, parent_run_id, parent_step_id, due_at,
        array(select json_array_elements_text(keys::json)) as keys,
        array(select json_array_elements_text(limits::json)::int) as limits
      from unnest(
        ${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.served.id)}::text[],
        ${rows.map((row) => row.event.name)}::text[], ${rows.map((row) => JSON.stringify([row.event]))}::text[],
        ${rows.map((row) => row.parent?.runId ?? null)}::uuid[], ${rows.map((row) => row.parent?.stepId ?? null)}::text[],
        ${rows.map((row) => row.dueAt.toISOString())}::timestamptz[], ${rows.map((row) => row.keys)}::text[],
        ${rows.map((row) => JSON.stringify(row.limits.map(({ limit }) => limit)))}::text[]
      ) as w (id, function_id, event_name, events, parent_run_id, parent_step_id, due_at, keys, limits)
    ), made as (
      insert into workflow_runs (id, function_id, status, event_name, events, group_keys, group_limits, parent_run_id, parent_step_id, created_at)
      select id, function_id, 'queued', event_name, events, keys, limits, parent_run_id, parent_step_id, ${now}::timestamptz from wanted
      on conflict (id) do nothing returning id
    ), queued as (
      insert into workflow_jobs (run_id, step_id, due_at, group_keys, group_limits)
      select id, ${discovery}, due_at, keys, limits from wanted join made using (id)
    )
    select id from made`;
  const fresh = new Set(made.map(({ id }) => id));
  for (const { id, served, event } of rows) {
    if (!fresh.has(id)) continue;
    runsStarted.inc({ function: served.id });
    await addCancels(tx, id, served, event, now);
  }
}

function groupsOf({ id, config }: ServedFunction, event: Event): { key: string; limit: number }[] {
  return concurrencyOf(config).map(({ key, scope = "fn", limit }) => ({
    key: [scope === "fn" ? id : scope, key ?? "", key ? keyText(parseKey(key), event) : ""].join("|"),
    limit,
  }));
}

async function addCancels(tx: Tx, runId: string, served: ServedFunction, event: Event, now: Date): Promise<void> {
  for (const [index, cancel] of (served.config.cancel ?? []).entries()) {
    const conditions = cancel.if ? conditionsFor(parseCondition(cancel.if, ["event", "async"]), event) : [];
    if (!conditions) continue;
    await addWait(tx, runId, {
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
