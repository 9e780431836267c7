/** The messages that one request of a webhook told of, by the request's webhook-id: `bat_<first>_<count>_<digest>`. */
import { floorId } from "#server/domain/messages/search-terms.ts";
import type { InTx } from "#server/kernel/context.ts";
import { idTimeMs } from "#server/kernel/id.ts";

export type CallbackList = { first: string; count: number };

export function callbackList(text: string): CallbackList | null {
  const [, first, count] =
    /^bat_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_(\d{1,3})_[0-9a-f]{12}$/i.exec(text) ?? [];
  return first ? { first: first.toLowerCase(), count: Number(count) } : null;
}

/** First tries are made within moments. */
const promptMs = 120_000;

/**
 * Attempts keep what they told in order, several requests behind each other: a list is a stretch that begins with its
 * first message. When the attempts are no longer kept, or it was told twice in a row of them, that message is all that is
 * certain, or more than the list is found.
 */
export function messagesOfList(ctx: InTx, { first, count }: CallbackList): Promise<readonly { id: string }[]> {
  const since = floorId(idTimeMs(first));
  return ctx.tx.sql<{ id: string }[]>`
    with told as (select id, tenant_id, sent_at, done_at from messages where id = ${first})
    select id from told
    union
    select unnest(a.message_ids[place:place + ${count - 1}::int])
    from told m join webhook_endpoints e on e.tenant_id = m.tenant_id
    cross join lateral (
      select found.message_ids from (values (m.sent_at), (m.done_at)) as moment (at)
      cross join lateral (
        -- In order of the index, so that the table is not read from its front.
        select message_ids from webhook_attempts
        where endpoint_id = e.id and message_ids @> array[m.id] and id >= banyan_uuid7_floor(moment.at)
          and id < banyan_uuid7_floor(moment.at + make_interval(secs => ${promptMs / 1_000}))
        order by id limit 10) found
      union all
      (select message_ids from webhook_attempts
      where endpoint_id = e.id and (outcome <> 'delivered' or attempt > 1) and id >= ${since}::uuid
        and message_ids @> array[m.id]
      order by id limit 10)) a
    cross join lateral unnest(array_positions(a.message_ids, m.id)) as place`;
}
