/** Why a message took its route: which routes stood beside it, and what spoke against each. As the reader may see it. */
import { routeTable } from "#server/domain/routing/choose-route.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { idTimeMs } from "#server/kernel/id.ts";

export type RouteVerdict =
  /** It was taken, or would be today. */
  | "chosen"
  /** Of the same priority: the message's id drew another one by weight. */
  | "weight"
  | "priority"
  /** A tenant nearer to the sender has a route that matches. */
  | "nearer"
  | "country"
  | "operator"
  | "class"
  | "switched_off";
export type RouteCandidate = {
  routeId: string;
  tenantName: string;
  connectorId: string;
  connectorName: string;
  country: string | null;
  operatorId: string | null;
  trafficClass: string | null;
  priority: number;
  weight: number;
  verdict: RouteVerdict;
};
export type RouteStory = {
  /** Routes of the reader and of those below it, over connectors of theirs. */
  candidates: RouteCandidate[];
  /** The routes as they are now lead this message over the connector that it was given first. */
  agrees: boolean;
  /** Somebody changed routes of its path since it was accepted. */
  hasChanged: boolean;
};

export type RoutedMessage = {
  id: string;
  /** Root first, the sending tenant last. */
  ancestors: string[];
  operatorId: string;
  trafficClass: "otp" | "transactional" | "bulk";
  /** That it was given at acceptance. */
  connectorId: string;
};

type Row = Omit<RouteCandidate, "verdict"> & { depth: number; isOn: boolean; isVisible: boolean };

/** Looks at the whole path, and returns of it what the reader's subtree has. */
export async function explainRoute(ctx: Context, message: RoutedMessage): Promise<RouteStory> {
  const { id, ancestors, operatorId, trafficClass } = message;
  return asSystem(ctx, async (system) => {
    const [operator] = await system.tx.sql<
      { country: string }[]
    >`select country from operators where id = ${operatorId}`;
    const demand = { messageId: id, ancestors, country: operator?.country ?? "", operatorId, trafficClass };
    const chosen = (await routeTable(system, ancestors)).choose(demand);
    const rows = await system.tx.sql<Row[]>`
      select r.id as "routeId", t.name as "tenantName", c.id as "connectorId", c.name as "connectorName", r.country,
        r.operator_id as "operatorId", r.traffic_class as "trafficClass", r.priority, r.weight,
        cardinality(t.ancestors) as depth, r.status = 'enabled' and c.status = 'enabled' as "isOn",
        t.ancestors @> array[${ctx.tenantId}::uuid] and o.ancestors @> array[${ctx.tenantId}::uuid] as "isVisible"
      from routes r join tenants t on t.id = r.tenant_id join connectors c on c.id = r.connector_id
      join tenants o on o.id = c.tenant_id
      where r.tenant_id = any(${ancestors}::uuid[]) order by depth desc, r.priority, r.id limit 200`;
    const winner = rows.find((row) => row.routeId === chosen?.routeId);
    const candidates = rows
      .filter((row) => row.isVisible)
      .map(({ depth, isOn, isVisible: _, ...row }) => ({
        ...row,
        verdict: verdictOf({ ...row, depth, isOn }, demand, winner),
      }));
    const since = new Date(idTimeMs(id));
    const [change] = await system.tx.sql`
      select from audit_log where tenant_id = any(${ancestors}::uuid[]) and id >= banyan_uuid7_floor(${since})
        and action in ('routing.create_route', 'routing.update_route', 'routing.delete_route') limit 1`;
    return { candidates, agrees: chosen?.connectorId === message.connectorId, hasChanged: change !== undefined };
  });
}

function verdictOf(
  row: Omit<Row, "isVisible">,
  demand: { country: string; operatorId: string; trafficClass: string },
  winner: Row | undefined,
): RouteVerdict {
  if (row.country !== null && row.country !== demand.country) return "country";
  if (row.operatorId !== null && row.operatorId !== demand.operatorId) return "operator";
  if (row.trafficClass !== null && row.trafficClass !== demand.trafficClass) return "class";
  if (!row.isOn) return "switched_off";
  if (row.routeId === winner?.routeId) return "chosen";
  if (winner && row.depth < winner.depth) return "nearer";
  return winner && row.priority === winner.priority ? "weight" : "priority";
}
