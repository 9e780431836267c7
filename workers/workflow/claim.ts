/** Which calls to make next: due, not leased, and within every concurrency limit. Leases are renewed while a call runs. */

import type { Tx } from "#db/client.ts";
import { locks } from "#db/locks.ts";
import { newId } from "#server/kernel/id.ts";
import type { Engine } from "./engine.ts";
import { attemptsOf } from "./function-config.ts";

export type Job = {
  runId: string;
  stepId: string;
  functionId: string;
  attempt: number;
  maxAttempts: number;
  leaseToken: string;
  missingSince: Date | null;
};

type Candidate = Omit<Job, "leaseToken" | "maxAttempts"> & { groupKeys: string[]; groupLimits: number[] };

/** Candidates read beyond what is needed, because some of one batch may exclude each other. */
const surplus = 50;
const maxPasses = 5;

/** Leases up to `free` calls. Claimers take turns, so that two of them cannot both fill a group's last place. */
export function claimJobs(engine: Engine, free: number): Promise<Job[]> {
  return engine.db.asSystem(async (tx) => {
    await tx.sql`select pg_advisory_xact_lock(${locks.workflowClaim}::int)`;
    const now = engine.clock.now();
    const running = await runningByGroup(tx, now);
    const taken: Candidate[] = [];
    for (let pass = 0; pass < maxPasses && taken.length < free; pass++) {
      const candidates = await dueCandidates(tx, now, running, taken, free + surplus);
      const before = taken.length;
      for (const candidate of candidates) if (taken.length < free && hasRoom(candidate, running)) taken.push(candidate);
      if (candidates.length < free + surplus || taken.length === before) break;
    }
    const jobs = taken.map(({ groupKeys: _keys, groupLimits: _limits, ...job }) => {
      const served = engine.catalog.get(job.functionId);
      return { ...job, leaseToken: newId(now.getTime()), maxAttempts: served ? attemptsOf(served.config) : 1 };
    });
    await lease(tx, jobs, now, engine.settings.leaseMs);
    return jobs;
  });
}

/** Keeps the leases of calls under way. A call that takes long is not taken over while its server lives. */
export async function renewLeases(engine: Engine, tokens: readonly string[]): Promise<void> {
  if (tokens.length === 0) return;
  const until = new Date(engine.clock.now().getTime() + engine.settings.leaseMs);
  await engine.db.sql`
    update workflow_jobs set lease_until = ${until} where lease_token = any (${[...tokens]}::uuid[])`;
}

/** Gives back calls that a stopping server could not finish: another one makes them at once, no attempt is used up. */
export async function releaseJobs(engine: Engine, tokens: readonly string[]): Promise<void> {
  if (tokens.length === 0) return;
  await engine.db.sql`
    update workflow_jobs set lease_token = null, lease_until = null where lease_token = any (${[...tokens]}::uuid[])`;
}

/** After a crash: the leases of a server that is no more. Only for a server that knows that it is alone. */
export async function releaseAll(engine: Engine): Promise<number> {
  const rows = await engine.db.sql`
    update workflow_jobs set lease_token = null, lease_until = null where lease_token is not null returning 1`;
  return rows.length;
}

async function runningByGroup(tx: Tx, now: Date): Promise<Map<string, number>> {
  const rows = await tx.sql<{ key: string; count: number }[]>`
    select key, count(*)::int as count from workflow_jobs, unnest(group_keys) as key
    where lease_token is not null and lease_until > ${now} group by key`;
  return new Map(rows.map(({ key, count }) => [key, count]));
}

function dueCandidates(tx: Tx, now: Date, running: Map<string, number>, taken: Candidate[], limit: number) {
  const keys = [...running.keys()];
  const counts = [...running.values()];
  const held = taken.map((job) => `${job.runId}/${job.stepId}`);
  return tx.sql<Candidate[]>`
    select j.run_id as "runId", j.step_id as "stepId", r.function_id as "functionId", j.attempt, j.missing_since as "missingSince",
           j.group_keys as "groupKeys", j.group_limits as "groupLimits"
    from workflow_jobs j join workflow_runs r on r.id = j.run_id
    where j.due_at <= ${now} and (j.lease_token is null or j.lease_until < ${now})
      and not exists (
        select from unnest(j.group_keys, j.group_limits) as asked (key, lim)
        join unnest(${keys}::text[], ${counts}::int[]) as busy (key, count) on busy.key = asked.key
        where busy.count >= asked.lim)
      and not (j.run_id || '/' || j.step_id = any (${held}::text[]))
    order by j.due_at, j.run_id limit ${limit}::int for update of j skip locked`;
}

/** Counts the candidate in when each of its groups has a place left. */
function hasRoom({ groupKeys, groupLimits }: Candidate, running: Map<string, number>): boolean {
  const isFull = groupKeys.some((key, index) => (running.get(key) ?? 0) >= (groupLimits[index] ?? 0));
  if (isFull) return false;
  for (const key of groupKeys) running.set(key, (running.get(key) ?? 0) + 1);
  return true;
}

async function lease(tx: Tx, jobs: readonly Job[], now: Date, leaseMs: number): Promise<void> {
  if (jobs.length === 0) return;
  const runIds = jobs.map((job) => job.runId);
  await tx.sql`
    update workflow_jobs j set lease_token = c.token, lease_until = ${new Date(now.getTime() + leaseMs)}, is_again = false
    from unnest(${runIds}::uuid[], ${jobs.map((job) => job.stepId)}::text[], ${jobs.map((job) => job.leaseToken)}::uuid[])
      as c (run_id, step_id, token)
    where j.run_id = c.run_id and j.step_id = c.step_id`;
  await tx.sql`
    update workflow_runs set status = 'running', started_at = coalesce(started_at, ${now})
    where id = any (${runIds}::uuid[]) and status = 'queued'`;
}
