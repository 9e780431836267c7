/** How fast a connector sends, as its worker sees it: what is left of a queue is told by it. */
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

export type ReportRate = {
  connectorId: string;
  /** Messages that the carrier took, over the last seconds. */
  perSecond: number;
};

/** @throws forbidden for anybody but a worker */
export async function reportRate(ctx: Context, { connectorId, perSecond }: ReportRate): Promise<void> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.report");
  await asSystem(
    ctx,
    ({ tx: { sql }, clock }) => sql`
      insert into connector_rates as r (connector_id, tenant_id, per_second, seen_at)
      select id, tenant_id, ${perSecond}, ${clock.now()} from connectors where id = ${connectorId}
      on conflict (connector_id) do update set per_second = excluded.per_second, seen_at = excluded.seen_at`,
  );
}
