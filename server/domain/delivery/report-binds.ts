/** Tells the console how connectors' binds are: each with its state, and the last error for people to read. */
import type { connectorBinds } from "#db/schema/routing.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type BindReport = {
  bindNumber: number;
  state: (typeof connectorBinds.$inferSelect)["state"];
  lastError: string | null;
  since: Date;
};
export type ConnectorReport = { connectorId: string; binds: readonly BindReport[] };

export async function reportBinds(ctx: Context, { reports }: { reports: readonly ConnectorReport[] }): Promise<void> {
  allowWorker(ctx);
  if (reports.length === 0) return;
  const connectorIds = reports.map((report) => report.connectorId);
  const binds = reports.flatMap((report) => report.binds.map((bind) => ({ ...bind, connectorId: report.connectorId })));
  await asSystem(ctx, async ({ tx, clock }) => {
    await tx.sql`
      insert into connector_binds as b (connector_id, bind_number, tenant_id, state, last_error, since, seen_at)
      select c.id, r.bind_number, c.tenant_id, r.state, r.last_error, r.since, ${clock.now()}
      from unnest(${binds.map((b) => b.connectorId)}::uuid[], ${binds.map((b) => b.bindNumber)}::int[],
        ${binds.map((b) => b.state)}::text[], ${binds.map((b) => b.lastError)}::text[],
        ${binds.map((b) => b.since.toISOString())}::timestamptz[])
        as r (connector_id, bind_number, state, last_error, since)
      join connectors c on c.id = r.connector_id
      order by c.id, r.bind_number
      on conflict (connector_id, bind_number) do update
        set state = excluded.state, last_error = excluded.last_error, since = excluded.since, seen_at = excluded.seen_at`;
    await tx.sql`
      delete from connector_binds b
      where b.connector_id = any(${connectorIds}::uuid[]) and not exists (
        select from unnest(${binds.map((b) => b.connectorId)}::uuid[], ${binds.map((b) => b.bindNumber)}::int[])
          as r (connector_id, bind_number)
        where r.connector_id = b.connector_id and r.bind_number = b.bind_number)`;
  });
}
