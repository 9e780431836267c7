/** Runs as the console shows them: a page of them, one with its steps and waits, and the button that cancels one. */
import { change, type Engine } from "./engine.ts";
import type { Event } from "./event.ts";
import { routeEvents } from "./route-events.ts";
import { endRun, isOver, lockRun, type Run } from "./runs.ts";

export type RunSummary = {
  id: string;
  functionId: string;
  status: Run["status"];
  eventName: string;
  stepCount: number;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  error: unknown;
};

export type RunDetail = RunSummary & {
  events: Event[];
  output: unknown;
  steps: { name: string; op: string; error: unknown; storedAt: Date }[];
  waits: { name: string; kind: string; dueAt: Date | null; eventName: string | null }[];
  calls: { stepId: string; attempt: number; dueAt: Date; isRunning: boolean }[];
};

export type ListRuns = { status?: Run["status"]; functionId?: string; before?: string; limit: number };

/** Newest first. `next` is the cursor of the following page, null at the end. */
export async function listRuns(
  engine: Engine,
  { status, functionId, before, limit }: ListRuns,
): Promise<{ runs: RunSummary[]; next: string | null }> {
  const { sql } = engine.db;
  const runs = await sql<RunSummary[]>`
    select id, function_id as "functionId", status, event_name as "eventName", step_count as "stepCount",
           created_at as "createdAt", started_at as "startedAt", ended_at as "endedAt", error
    from workflow_runs
    where true ${status ? sql`and status = ${status}` : sql``} ${functionId ? sql`and function_id = ${functionId}` : sql``}
      ${before ? sql`and id < ${before}` : sql``}
    order by id desc limit ${limit}::int`;
  return { runs: [...runs], next: runs.length === limit ? (runs.at(-1)?.id ?? null) : null };
}

export async function findRun(engine: Engine, id: string): Promise<RunDetail | null> {
  const { sql } = engine.db;
  const [run] = await sql<(RunSummary & { events: Event[]; output: unknown })[]>`
    select id, function_id as "functionId", status, event_name as "eventName", step_count as "stepCount",
           created_at as "createdAt", started_at as "startedAt", ended_at as "endedAt", error, events, output
    from workflow_runs where id = ${id}`;
  if (!run) return null;
  const steps = await sql<RunDetail["steps"]>`
    select name, op, error, stored_at as "storedAt" from workflow_steps where run_id = ${id} order by position`;
  const waits = await sql<RunDetail["waits"]>`
    select name, kind, due_at as "dueAt", event_name as "eventName" from workflow_waits where run_id = ${id} order by step_id`;
  const calls = await sql<RunDetail["calls"]>`
    select step_id as "stepId", attempt, due_at as "dueAt", lease_token is not null as "isRunning"
    from workflow_jobs where run_id = ${id} order by step_id`;
  return { ...run, steps: [...steps], waits: [...waits], calls: [...calls] };
}

export async function runEvents(engine: Engine, id: string): Promise<Event[] | null> {
  const [run] = await engine.db.sql<{ events: Event[] }[]>`select events from workflow_runs where id = ${id}`;
  return run?.events ?? null;
}

/** Harmless when the run is over. A step under way may still end, but its result is dropped. */
export function cancelRun(engine: Engine, id: string): Promise<{ id: string; status: Run["status"] } | null> {
  return change(engine, async (tx) => {
    const run = await lockRun(tx, id);
    if (!run) return null;
    if (!isOver(run)) {
      const error = { name: "Error", message: "Cancelled by hand." };
      await routeEvents(engine, tx, await endRun(engine, tx, run, { status: "cancelled", error }));
    }
    return { id, status: run.status };
  });
}
