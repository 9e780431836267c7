/** Writes what became of requests, many at a time: what was taken leaves the queue, what was not waits for its next try. */
import { intArray, momentArray, smallintArray, textArray, uuidArray } from "#db/arrays.ts";
import type { RawSql, RawTransaction } from "#db/client.ts";
import { allowWorker } from "#server/domain/webhooks/allow-worker.ts";
import { mostAttempts, waitMs } from "#server/domain/webhooks/health.ts";
import type { Delivery, HealthChange, SentRequest } from "#server/domain/webhooks/work.ts";
import { writeHealth } from "#server/domain/webhooks/write-health.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

type Outcome = "delivered" | "retried" | "given_up";
type AttemptRow = Omit<SentRequest, "deliveries" | "isFailing"> & {
  outcome: Outcome;
  attempt: number;
  requests: number;
  messageIds: string[];
};

/** Message ids of one row of attempts: rows stay small, however much one writing holds. */
const mostInRow = 500;
const longestAttempt = 30_000;

/** Safe to repeat: what is gone is gone, and what waits already keeps its later time. */
export async function recordRequests(
  ctx: Context,
  requests: readonly SentRequest[],
  health: readonly HealthChange[],
): Promise<void> {
  allowWorker(ctx);
  if (requests.length === 0 && health.length === 0) return;
  const attempts = attemptRows(requests);
  const taken = requests.filter(({ error }) => error === null).flatMap(({ deliveries }) => deliveries);
  const failed = requests.filter(({ error }) => error !== null);
  const fresh = taken.filter(({ attempts }) => attempts === 0);
  if (failed.length === 0 && fresh.length === taken.length && health.length === 0) {
    // What is nearly always the case is one statement, so one journey.
    await insertAttempts(ctx.db.sql, attempts, fresh);
    return;
  }
  const again = failed.flatMap((r) =>
    r.deliveries.filter((d) => !isGivenUp(r, d)).map((d) => ({ ...d, failedAt: r.at })),
  );
  const over = failed.flatMap((r) => r.deliveries.filter((d) => isGivenUp(r, d)));
  await asSystem(ctx, async (ctx) => {
    // One connection: sent one after the other without waiting, and run in this order.
    await Promise.all([
      removeRows(ctx, [...taken, ...over]),
      moveToRetries(
        ctx,
        again.filter(({ attempts }) => attempts === 0),
      ),
      postpone(
        ctx,
        again.filter(({ attempts }) => attempts > 0),
      ),
      insertAttempts(ctx.tx.sql, attempts, []),
    ]);
    await writeHealth(ctx, health);
  });
}

const isGivenUp = ({ isFailing }: SentRequest, { attempts }: Delivery): boolean =>
  !isFailing && attempts + 1 >= mostAttempts;

type Failed = Delivery & { failedAt: Date };
const readyAt = ({ failedAt, attempts }: Failed): Date => new Date(failedAt.getTime() + waitMs(attempts + 1));

async function removeRows(ctx: InTx, deliveries: readonly Delivery[]): Promise<void> {
  const fresh = deliveries.filter(({ attempts }) => attempts === 0).map(({ id }) => id);
  const retried = deliveries.filter(({ attempts }) => attempts > 0).map(({ id }) => id);
  if (fresh.length > 0) await ctx.tx.sql`delete from outgoing_receipts where id = any(${uuidArray(fresh)}::uuid[])`;
  if (retried.length > 0) await ctx.tx.sql`delete from webhook_retries where id = any(${uuidArray(retried)}::uuid[])`;
}

async function moveToRetries(ctx: InTx, failed: readonly Failed[]): Promise<void> {
  if (failed.length === 0) return;
  await ctx.tx.sql`
    with gone as (delete from outgoing_receipts where id = any(${uuidArray(failed.map(({ id }) => id))}::uuid[]) returning *)
    insert into webhook_retries (id, endpoint_id, tenant_id, message_id, status, error_code, at, attempts, ready_at)
    select g.id, g.receiver_id, g.tenant_id, g.message_id, g.status, g.error_code, g.at, 1, f.ready_at
    from gone g join unnest(${uuidArray(failed.map(({ id }) => id))}::uuid[], ${momentArray(failed.map(readyAt))}::timestamptz[])
      as f (id, ready_at) on f.id = g.id`;
}

async function postpone(ctx: InTx, failed: readonly Failed[]): Promise<void> {
  if (failed.length === 0) return;
  await ctx.tx.sql`
    update webhook_retries r set attempts = f.attempts, ready_at = f.ready_at
    from unnest(${uuidArray(failed.map(({ id }) => id))}::uuid[],
      ${smallintArray(failed.map(({ attempts }) => Math.min(attempts + 1, longestAttempt)))}::smallint[],
      ${momentArray(failed.map(readyAt))}::timestamptz[]) as f (id, attempts, ready_at)
    where r.id = f.id`;
}

/** Each failed request has a row; first tries that succeeded share one for each endpoint and answer. */
function attemptRows(requests: readonly SentRequest[]): AttemptRow[] {
  const rows: AttemptRow[] = [];
  const shared = new Map<string, AttemptRow>();
  for (const request of requests) {
    const { deliveries, isFailing: _, ...sent } = request;
    const attempt = Math.max(...deliveries.map((d) => d.attempts)) + 1;
    const outcome = outcomeOf(request);
    const messageIds = deliveries.map((d) => d.messageId);
    const key = `${sent.endpointId} ${sent.statusCode}`;
    const known = shared.get(key);
    const isShared = outcome === "delivered" && attempt === 1;
    if (isShared && known && known.messageIds.length + messageIds.length <= mostInRow) {
      known.requests += 1;
      known.messageIds.push(...messageIds);
      known.durationMs = Math.max(known.durationMs, sent.durationMs);
      continue;
    }
    const row = { ...sent, outcome, attempt, requests: 1, messageIds };
    rows.push(row);
    if (isShared) shared.set(key, row);
  }
  return rows;
}

function outcomeOf(request: SentRequest): Outcome {
  if (request.error === null) return "delivered";
  return request.deliveries.every((delivery) => isGivenUp(request, delivery)) ? "given_up" : "retried";
}

/** @param gone leave the queue with it */
async function insertAttempts(
  sql: RawSql | RawTransaction,
  rows: readonly AttemptRow[],
  gone: readonly Delivery[],
): Promise<void> {
  if (rows.length === 0) return;
  // All rows' message ids in one array, of which each takes its stretch: an array of arrays would have to go as text.
  const last: number[] = [];
  for (const { messageIds } of rows) last.push((last.at(-1) ?? 0) + messageIds.length);
  await sql`
    with gone as (delete from outgoing_receipts where id = any(${uuidArray(gone.map(({ id }) => id))}::uuid[]))
    insert into webhook_attempts (id, tenant_id, endpoint_id, at, outcome, attempt, requests, events, message_ids,
      status_code, duration_ms, error)
    select id, tenant_id, endpoint_id, at, outcome, attempt, requests, events, ids[last - events + 1:last],
      status_code, duration_ms, error
    from (select ${uuidArray(rows.flatMap((r) => r.messageIds))}::uuid[] as ids) i,
      unnest(${uuidArray(rows.map(() => newId()))}::uuid[], ${uuidArray(rows.map((r) => r.tenantId))}::uuid[],
      ${uuidArray(rows.map((r) => r.endpointId))}::uuid[], ${momentArray(rows.map((r) => r.at))}::timestamptz[],
      ${textArray(rows.map((r) => r.outcome))}::text[], ${smallintArray(rows.map((r) => r.attempt))}::smallint[],
      ${intArray(rows.map((r) => r.requests))}::int[], ${intArray(rows.map((r) => r.messageIds.length))}::int[],
      ${intArray(last)}::int[], ${smallintArray(rows.map((r) => r.statusCode))}::smallint[],
      ${intArray(rows.map((r) => Math.round(r.durationMs)))}::int[], ${textArray(rows.map((r) => r.error))}::text[])
      as a (id, tenant_id, endpoint_id, at, outcome, attempt, requests, events, last, status_code, duration_ms, error)`;
}
