/** Chooses the connector of each message: nearest tenant that has a matching route, then priority, then weight. */
import { uuidArray } from "#db/arrays.ts";
import type { InTx } from "#server/kernel/context.ts";

type TrafficClass = "otp" | "transactional" | "bulk";
export type RouteRow = {
  id: string;
  tenantId: string;
  connectorId: string;
  country: string | null;
  operatorId: string | null;
  trafficClass: TrafficClass | null;
  priority: number;
  weight: number;
};

type RouteDemand = {
  messageId: string;
  /** Root first, the sending tenant last. */
  ancestors: readonly string[];
  country: string;
  operatorId: string;
  trafficClass: TrafficClass;
};

/** @param mayUse leaves connectors out; then the path's next match decides, further up too */
export type RouteTable = {
  choose(
    demand: RouteDemand,
    mayUse?: (connectorId: string) => boolean,
  ): { routeId: string; connectorId: string } | null;
};

/**
 * Reads the enabled routes of these tenants over enabled connectors, once for a batch.
 * @param ctx a system transaction: routes of tenants above are read
 */
export async function routeTable(ctx: InTx, tenantIds: readonly string[]): Promise<RouteTable> {
  const rows = await ctx.tx.sql<RouteRow[]>`
    select r.id, r.tenant_id as "tenantId", r.connector_id as "connectorId", r.country, r.operator_id as "operatorId",
      r.traffic_class as "trafficClass", r.priority, r.weight
    from routes r join connectors c on c.id = r.connector_id
    where r.tenant_id = any(${uuidArray([...tenantIds])}::uuid[]) and r.status = 'enabled' and c.status = 'enabled'
    order by r.priority, r.id`;
  return tableOf(rows);
}

/** @param rows in order of priority */
export function tableOf(rows: readonly RouteRow[]): RouteTable {
  const byTenant = new Map<string, RouteRow[]>();
  for (const row of rows) {
    const list = byTenant.get(row.tenantId);
    if (list) list.push(row);
    else byTenant.set(row.tenantId, [row]);
  }
  const best = (demand: RouteDemand, mayUse: (connectorId: string) => boolean): RouteRow[] => {
    for (let depth = demand.ancestors.length - 1; depth >= 0; depth -= 1) {
      const own = byTenant.get(demand.ancestors[depth] ?? "") ?? [];
      const matching = own.filter((route) => matches(route, demand) && mayUse(route.connectorId));
      const first = matching[0];
      if (first) return matching.filter((route) => route.priority === first.priority);
    }
    return [];
  };
  /** Most messages of a batch ask for the same. */
  const known = new Map<string, RouteRow[]>();
  const knownBest = (demand: RouteDemand): RouteRow[] => {
    const key = `${demand.ancestors.at(-1)} ${demand.country} ${demand.operatorId} ${demand.trafficClass}`;
    const found = known.get(key) ?? best(demand, () => true);
    known.set(key, found);
    return found;
  };
  return {
    choose(demand, mayUse) {
      const routes = mayUse ? best(demand, mayUse) : knownBest(demand);
      if (routes.length === 0) return null;
      const chosen = byWeight(routes, demand.messageId);
      return { routeId: chosen.id, connectorId: chosen.connectorId };
    },
  };
}

function matches(route: RouteRow, demand: RouteDemand): boolean {
  return (
    (route.country === null || route.country === demand.country) &&
    (route.operatorId === null || route.operatorId === demand.operatorId) &&
    (route.trafficClass === null || route.trafficClass === demand.trafficClass)
  );
}

/** The same message always takes the same route, so that a repeat or a dry run tells the truth. */
function byWeight(routes: RouteRow[], messageId: string): RouteRow {
  const [first] = routes;
  if (!first) throw new Error("byWeight needs a route.");
  if (routes.length === 1) return first;
  const total = routes.reduce((sum, route) => sum + route.weight, 0);
  let point = hash(messageId) % total;
  for (const route of routes) {
    point -= route.weight;
    if (point < 0) return route;
  }
  return first;
}

/** FNV-1a, 32 bits: spreads ids evenly and needs no secret. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
