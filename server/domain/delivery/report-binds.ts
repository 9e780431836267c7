/** Tells the console how a connector's binds are: each with its state, and the last error for people to read. */
import type { connectorBinds } from "#db/schema/routing.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type BindReport = {
  bindNumber: number;
  state: (typeof connectorBinds.$inferSelect)["state"];
  lastError: string | null;
  since: Date;
};
export type ReportBinds = { connectorId: string; binds: BindReport[] };

export async function reportBinds(ctx: Context, { connectorId, binds }: ReportBinds): Promise<void> {
  allowWorker(ctx);
  await asSystem(ctx, async ({ tx, clock }) => {
    await tx.sql`
      insert into connector_binds as b (connector_id, bind_number, tenant_id, state, last_error, since, seen_at)
      select c.id, r.bind_number, c.tenant_id, r.state, r.last_error, r.since, ${clock.now()}
      from connectors c, unnest(${binds.map((b) => b.bindNumber)}::int[], ${binds.map((b) => b.state)}::text[],
        ${binds.map((b) => b.lastError)}::text[], ${binds.map((b) => b.since.toISOString())}::timestamptz[])
        as r (bind_number, state, last_error, since)
      where c.id = ${connectorId}
      on conflict (connector_id, bind_number) do update
        set state = excluded.state, last_error = excluded.last_error, since = excluded.since, seen_at = excluded.seen_at`;
    await tx.sql`
      delete from connector_binds
      where connector_id = ${connectorId} and bind_number <> all(${binds.map((b) => b.bindNumber)}::int[])`;
  });
}
