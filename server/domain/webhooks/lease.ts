/** One worker serves an endpoint at a time: the lease, by the database's clock. No row of the queue is written to claim it. */

import type { KeyObject } from "node:crypto";
import { uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/webhooks/allow-worker.ts";
import { freshTryMs } from "#server/domain/webhooks/health.ts";
import { keyOf, validSecrets } from "#server/domain/webhooks/signature.ts";
import type { WorkerEndpoint } from "#server/domain/webhooks/work.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { open } from "#server/kernel/crypto.ts";
import { log } from "#server/kernel/log.ts";

export type Lease = { owner: string; ttlMs: number };

type Row = Omit<WorkerEndpoint, "keys"> & { secret: string; previous: { sealed: string; until: string }[] };

/**
 * Takes up to `limit` endpoints that have something to send now and that nobody serves, in random order: with more of
 * them than workers have room for, none waits for ever.
 */
export async function leaseEndpoints(ctx: Context, { owner, ttlMs, limit }: Lease & { limit: number }) {
  allowWorker(ctx);
  if (limit <= 0) return [];
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<Row[]>`
      with due as (
        select e.id from webhook_endpoints e
        where ${isDue(ctx)}
        order by random() limit ${limit} for update skip locked
      )
      update webhook_endpoints e set lease_owner = ${owner}, lease_until = ${leaseEnd(ctx, ttlMs)}
      from due where e.id = due.id
      returning ${columns(ctx)}`;
    return withKeys(ctx, rows);
  });
}

/** Whether endpoints wait that nobody serves. */
export async function areEndpointsWaiting(ctx: Context): Promise<boolean> {
  allowWorker(ctx);
  return asSystem(ctx, async (ctx) => {
    const [row] = await ctx.tx.sql<{ waiting: boolean }[]>`
      select exists (select from webhook_endpoints e where ${isDue(ctx)}) as waiting`;
    return row?.waiting ?? false;
  });
}

/** Keeps what it holds, and reads it again. What is missing in the answer was lost to another worker. */
export async function renewLeases(ctx: Context, { owner, ttlMs, ids }: Lease & { ids: string[] }) {
  allowWorker(ctx);
  if (ids.length === 0) return [];
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<Row[]>`
      update webhook_endpoints e set lease_until = ${leaseEnd(ctx, ttlMs)}
      where id = any(${uuidArray(ids)}::uuid[]) and lease_owner = ${owner}
      returning ${columns(ctx)}`;
    return withKeys(ctx, rows);
  });
}

/** Lets the next worker in at once. */
export async function releaseEndpoints(ctx: Context, { owner, ids }: { owner: string; ids: string[] }): Promise<void> {
  allowWorker(ctx);
  if (ids.length === 0) return;
  await asSystem(
    ctx,
    ({ tx }) => tx.sql`
      update webhook_endpoints set lease_owner = null, lease_until = null
      where id = any(${uuidArray(ids)}::uuid[]) and lease_owner = ${owner}`,
  );
}

const leaseEnd = (ctx: InTx, ttlMs: number) => ctx.tx.sql`now() + make_interval(secs => ${ttlMs / 1_000}::float8)`;

/**
 * A working endpoint has something to send: new events, or retries whose time has come. A failing one is tried when its
 * schedule says so, with whatever waits; new events bring it a try ahead of the schedule, now and then.
 */
function isDue(ctx: InTx) {
  const { sql } = ctx.tx;
  const now = ctx.clock.now();
  const freshBefore = new Date(now.getTime() - freshTryMs);
  const fresh = sql`exists (select from outgoing_receipts r where r.receiver_id = e.id and r.lease_owner is null)`;
  return sql`e.status = 'active' and (e.lease_owner is null or e.lease_until <= now()) and case
    when e.failing_since is null then (e.retry_at is null or e.retry_at <= ${now}) and (${fresh}
      or exists (select from webhook_retries r where r.endpoint_id = e.id and r.ready_at <= ${now}))
    when e.retry_at <= ${now} then ${fresh} or exists (select from webhook_retries r where r.endpoint_id = e.id)
    else e.last_attempt_at <= ${freshBefore} and exists (select from outgoing_receipts r
      where r.receiver_id = e.id and r.lease_owner is null and r.id >= banyan_uuid7_floor(e.last_attempt_at)) end`;
}

const columns = (ctx: InTx) => ctx.tx.sql`
  e.id, e.tenant_id as "tenantId", e.url, e.status, e.batch_size as "batchSize", e.secret_sealed as secret,
  e.previous_secrets as previous, e.consecutive_failures as "consecutiveFailures", e.failing_since as "failingSince",
  e.probes, e.retry_at as "retryAt", e.last_success_at as "lastSuccessAt",
  e.updated_at as "updatedAt"`;

function withKeys(ctx: Context, rows: readonly Row[]): WorkerEndpoint[] {
  const now = ctx.clock.now();
  return rows.map(({ secret, previous, ...endpoint }) => ({
    ...endpoint,
    keys: validSecrets(secret, previous, now).flatMap((sealed) => openKey(sealed, endpoint.id)),
  }));
}

/** An endpoint without keys is not sent to: what is unsigned proves nothing. */
function openKey(sealed: string, endpointId: string): KeyObject[] {
  if (sealed === "") return [];
  try {
    return [keyOf(open(sealed, endpointId))];
  } catch (error) {
    log.error(
      { err: error, endpointId },
      "a webhook's secret cannot be read: was it sealed with another ENCRYPTION_KEY?",
    );
    return [];
  }
}
