/** Where waiting messages may go instead: the next route of their tenants' path that leads to a carrier that is there. */
import { uuidArray } from "#db/arrays.ts";
import { routeTable } from "#server/domain/routing/choose-route.ts";
import type { InTx } from "#server/kernel/context.ts";

export type NextRoutes = { connectorId: string; messageIds: readonly string[] };

type Movable = {
  messageId: string;
  ancestors: string[];
  country: string;
  operatorId: string;
  trafficClass: "otp" | "transactional" | "bulk";
  tried: string[];
};

/** Workers report on their binds every few seconds. */
const freshSeconds = 15;

/**
 * The connector of each message that may move; the others stay. Never one of which anything may be at a carrier: a part
 * that was taken, or a submit whose answer was lost. Nor one that has moved as often as its connector allows.
 * @param ctx a system transaction in which the queue's rows are locked
 */
export async function nextRoutes(ctx: InTx, { connectorId, messageIds }: NextRoutes): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (messageIds.length === 0) return found;
  const ids = [...messageIds].sort();
  const movable = await ctx.tx.sql<Movable[]>`
    select q.message_id as "messageId", t.ancestors, o.country, m.operator_id as "operatorId",
      m.traffic_class as "trafficClass", coalesce(q.tried, '{}') as tried
    from send_queue q
    join messages m on m.id = q.message_id and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    join tenants t on t.id = m.tenant_id join operators o on o.id = m.operator_id
    join connectors c on c.id = q.connector_id
    where q.message_id = any(${uuidArray(ids)}::uuid[]) and q.connector_id = ${connectorId}
      and cardinality(coalesce(q.tried, '{}')) < c.max_moves and not m.possible_duplicate and m.status <> 'unknown'
      and not exists (select from carrier_refs r where r.message_id = m.id
        and r.message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid)`;
  if (movable.length === 0) return found;
  const bound = await ctx.tx.sql<{ id: string }[]>`
    select distinct connector_id as id from connector_binds
    where state = 'bound' and seen_at > now() - make_interval(secs => ${freshSeconds})`;
  const there = new Set(bound.map(({ id }) => id));
  const table = await routeTable(ctx, [...new Set(movable.flatMap((message) => message.ancestors))]);
  for (const { tried, ...demand } of movable) {
    const been = new Set([connectorId, ...tried]);
    const next = table.choose(demand, (id) => there.has(id) && !been.has(id));
    if (next) found.set(demand.messageId, next.connectorId);
  }
  return found;
}
