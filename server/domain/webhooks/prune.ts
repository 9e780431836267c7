/** Clears away by age: what was sent, what waits too long, and what belonged to endpoints that are gone. */
import { allowWorker } from "#server/domain/webhooks/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { pruneBite } from "#server/kernel/prune.ts";

const dayMs = 86_400_000;
/** A paused, disabled or failing endpoint finds so much when it is back; older messages come by a replay. */
const keepWaitingMs = 7 * dayMs;
const keepAttemptsMs = 14 * dayMs;

/** Run by a job. @returns how many rows went, at most `pruneBite` of a kind: as many as that = there may be more */
export async function pruneWebhooks(ctx: Context): Promise<number> {
  allowWorker(ctx);
  const now = ctx.clock.now().getTime();
  const waitingBefore = new Date(now - keepWaitingMs);
  const attemptsBefore = new Date(now - keepAttemptsMs);
  return asSystem(ctx, async ({ tx: { sql } }) => {
    const late = await sql`
      delete from outgoing_receipts where id in (
        select r.id from webhook_endpoints e cross join lateral (
          select id from outgoing_receipts where receiver_id = e.id and lease_owner is null
            and (e.status = 'deleted' or id < banyan_uuid7_floor(${waitingBefore}::timestamptz))
          order by id limit ${pruneBite}) r
        limit ${pruneBite}) returning 1`;
    const retries = await sql`
      delete from webhook_retries where id in (
        select r.id from webhook_retries r join webhook_endpoints e on e.id = r.endpoint_id
        where e.status = 'deleted' or r.id < banyan_uuid7_floor(${waitingBefore}::timestamptz)
        limit ${pruneBite}) returning 1`;
    const attempts = await sql`
      delete from webhook_attempts where id in (
        select id from webhook_attempts where id < banyan_uuid7_floor(${attemptsBefore}::timestamptz)
        order by id limit ${pruneBite}) returning 1`;
    const events = await sql`
      delete from webhook_events where id in (
        select id from webhook_events where created_at < ${attemptsBefore} limit ${pruneBite}) returning 1`;
    return Math.max(late.length, retries.length, attempts.length, events.length);
  });
}
