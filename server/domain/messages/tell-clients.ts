/** What the client was told of its message, and what it is still to be told: webhooks, attempt by attempt, and its binds. */
import type { MessageWithTimeline } from "#server/domain/messages/get.ts";
import { floorId } from "#server/domain/messages/search-terms.ts";
import type { Step } from "#server/domain/messages/story-step.ts";
import type { InTx } from "#server/kernel/context.ts";

/** First tries are made within moments; retries go on for days. */
const promptMs = 120_000;
const mostAttempts = 50;

/** Attempts that named this message: prompt ones by their moment, later ones among those that are not the common case. */
export async function webhookSteps(ctx: InTx, message: MessageWithTimeline): Promise<Step[]> {
  const { id, tenantId, sentAt, doneAt } = message;
  const moments = [sentAt, doneAt].filter((at) => at !== null);
  const [first] = moments;
  if (!first) return [];
  const from = moments.map((at) => floorId(at.getTime()));
  const to = moments.map((at) => floorId(at.getTime() + promptMs));
  const rows = await ctx.tx.sql<
    {
      at: Date;
      url: string;
      outcome: string;
      attempt: number;
      statusCode: number | null;
      durationMs: number;
      error: string | null;
      events: number;
    }[]
  >`
    select distinct on (a.id) a.at, e.url, a.outcome, a.attempt, a.status_code as "statusCode", a.duration_ms as "durationMs",
      a.error, a.events
    from webhook_endpoints e
    cross join lateral (
      select found.* from unnest(${from}::uuid[], ${to}::uuid[]) as stretch (from_id, to_id)
      cross join lateral (
        -- In order of the index, so that the table is not read from its front.
        select a.* from webhook_attempts a
        where a.endpoint_id = e.id and a.id >= stretch.from_id and a.id < stretch.to_id
          and a.message_ids @> array[${id}::uuid]
        order by a.id limit ${mostAttempts}) found
      union all
      (select a.* from webhook_attempts a
      where a.endpoint_id = e.id and (a.outcome <> 'delivered' or a.attempt > 1)
        and a.id >= ${floorId(first.getTime())}::uuid and a.message_ids @> array[${id}::uuid]
      order by a.id limit ${mostAttempts})) a
    where e.tenant_id = ${tenantId} order by a.id`;
  return rows.map(({ at, ...facts }) => ({
    at,
    kind: "told",
    part: null,
    facts: { channel: "webhook", ...facts, url: withoutSecrets(facts.url) },
  }));
}

/** Addresses may carry a token of the client's own: host and path are enough to know it again. */
function withoutSecrets(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
  } catch {
    return "";
  }
}

/** What is still in a queue: for a carrier, for a webhook, for a bind. */
export async function waitingSteps(ctx: InTx, { id, doneAt }: MessageWithTimeline): Promise<Step[]> {
  const rows = await ctx.tx.sql<
    { channel: string; status: string | null; at: Date; attempts: number; readyAt: Date; isHeld: boolean }[]
  >`
    select 'carrier' as channel, null as status, q.ready_at as at, q.attempts, q.ready_at as "readyAt", q.is_held as "isHeld"
    from send_queue q where q.message_id = ${id} and q.lease_owner is null and ${doneAt}::timestamptz is null
    union all
    select 'webhook', r.status, r.at, r.attempts, r.ready_at, false from webhook_retries r
    where r.endpoint_id in (select id from webhook_endpoints where tenant_id = (select tenant_id from messages where id = ${id}))
      and r.message_id = ${id}`;
  return rows.map(({ at, readyAt, ...facts }) => ({
    at: new Date(Math.max(ctx.clock.now().getTime(), at.getTime())),
    kind: "waiting",
    part: null,
    facts: { ...facts, readyAt: readyAt.toISOString() },
  }));
}
