/** How fast connectors send, as the worker that drives them sees it: how long a queue will last is told by it. */
import { doubleArray, uuidArray } from "#db/arrays.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

export type ConnectorRate = {
  connectorId: string;
  /** Messages that the carrier took, over the last seconds. */
  perSecond: number;
};

/** @throws forbidden for anybody but a worker */
export async function reportRates(ctx: Context, { rates }: { rates: readonly ConnectorRate[] }): Promise<void> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.report");
  if (rates.length === 0) return;
  await asSystem(
    ctx,
    ({ tx: { sql }, clock }) => sql`
      insert into connector_rates as r (connector_id, tenant_id, per_second, seen_at)
      select c.id, c.tenant_id, n.per_second, ${clock.now()}
      from unnest(${uuidArray(rates.map((rate) => rate.connectorId))}::uuid[],
        ${doubleArray(rates.map((rate) => rate.perSecond))}::real[]) as n (id, per_second)
      join connectors c on c.id = n.id
      order by c.id
      on conflict (connector_id) do update set per_second = excluded.per_second, seen_at = excluded.seen_at`,
  );
}
