/** How many more of a campaign's messages the queue takes. */
import type { Campaign } from "#server/domain/campaigns/scope.ts";
import type { Context } from "#server/kernel/context.ts";
import { derivedIds } from "#server/kernel/id.ts";

/** A campaign waits while about so many of its messages are in the queue: a pause or a stop has no more to hold back. */
const maxQueued = 10_000;
/** How full the queue is, is told by one in so many of the last recipients. */
const sampleEvery = 250;
const sampledRows = 2 * maxQueued;

/** The moment of launch and the recipient's place are in the id: whoever expands a recipient again finds its message. */
export const idsOf = ({ id, launchedAt, createdAt }: Campaign): ((ordinal: number) => string) =>
  derivedIds((launchedAt ?? createdAt).getTime(), id);

/** A count would walk over all that was sent since the table was last vacuumed; these lookups cost the same at any size. */
export async function roomInQueue({ db }: Pick<Context, "db">, campaign: Campaign): Promise<number> {
  const idOf = idsOf(campaign);
  const ids: string[] = [];
  const first = Math.max(sampleEvery, campaign.expandedTo - sampledRows);
  for (let ordinal = first; ordinal <= campaign.expandedTo; ordinal += sampleEvery) ids.push(idOf(ordinal));
  if (ids.length === 0) return maxQueued;
  const [row] = await db.sql<{ waiting: number }[]>`
    select count(*)::int as waiting from unnest(${ids}::uuid[]) as s (id)
    cross join lateral (select from send_queue q where q.message_id = s.id limit 1) as q`;
  return Math.max(0, maxQueued - (row?.waiting ?? 0) * sampleEvery);
}
