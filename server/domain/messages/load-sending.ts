/** What submit reads before it decides: tenants (locked against suspension), senders, opt-outs, day partitions. */
import { textArray, uuidArray } from "#db/arrays.ts";
import { dayMs } from "#server/domain/messages/count.ts";
import type { Line, SendingTenant } from "#server/domain/messages/line.ts";
import type { InTx } from "#server/kernel/context.ts";
import { idTimeMs } from "#server/kernel/id.ts";

/**
 * The tenants with their paths. Rows are locked FOR SHARE until the end of the transaction: a suspension that commits
 * first is seen here, one that comes later finds these messages queued and holds them there.
 */
export async function lockTenants(ctx: InTx, tenantIds: readonly string[]): Promise<Map<string, SendingTenant>> {
  const ids = [...new Set(tenantIds)];
  const rows = await ctx.tx.sql<{ id: string; ancestors: string[]; country: string; status: string }[]>`
    select id, ancestors, country, status from tenants
    where id in (select unnest(ancestors) from tenants where id = any(${uuidArray(ids)}::uuid[]))
    order by id for share`;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const found = new Map<string, SendingTenant>();
  for (const id of ids) {
    const row = byId.get(id);
    if (!row) continue;
    const isSuspended = row.ancestors.some((step) => byId.get(step)?.status !== "active");
    found.set(id, { id, ancestors: row.ancestors, country: row.country, isSuspended });
  }
  return found;
}

export type ApprovedSenders = { find(tenantId: string, name: string): { id: string; name: string } | undefined };

/** Names are compared without regard to case, as handsets and carriers show them. */
export async function loadSenders(ctx: InTx, lines: readonly Line[]): Promise<ApprovedSenders> {
  const names = [...new Set(lines.map((line) => line.item.sender.trim().toLowerCase()))];
  const tenantIds = [...new Set(lines.map((line) => line.tenant.id))];
  const rows = await ctx.tx.sql<{ id: string; tenantId: string; name: string }[]>`
    select id, tenant_id as "tenantId", name from senders
    where tenant_id = any(${uuidArray(tenantIds)}::uuid[]) and lower(name) = any(${textArray(names)}::text[]) and status = 'approved'`;
  const key = (tenantId: string, name: string) => `${tenantId} ${name.toLowerCase()}`;
  const byName = new Map(rows.map((row) => [key(row.tenantId, row.name), row]));
  return { find: (tenantId, name) => byName.get(key(tenantId, name)) };
}

/** `tenant msisdn` of those that opted out, among the bulk lines. */
export async function loadOptOuts(ctx: InTx, lines: readonly Line[]): Promise<{ has(line: Line): boolean }> {
  const bulk = lines.filter((line) => line.item.class === "bulk" && line.msisdn !== null);
  if (bulk.length === 0) return { has: () => false };
  const rows = await ctx.tx.sql<{ tenantId: string; msisdn: string }[]>`
    select o.tenant_id as "tenantId", o.msisdn from opt_outs o
    join unnest(${uuidArray(bulk.map((line) => line.tenant.id))}::uuid[], ${textArray(bulk.map((line) => line.msisdn))}::text[])
      as l (tenant_id, msisdn) using (tenant_id, msisdn)`;
  const optedOut = new Set(rows.map((row) => `${row.tenantId} ${row.msisdn}`));
  return { has: (line) => line.item.class === "bulk" && optedOut.has(`${line.tenant.id} ${line.msisdn}`) };
}

/** Whether the day of an id takes messages: a time far away has no partition, and old days are closed. */
export async function loadDays(ctx: InTx): Promise<{ hasRoomFor(messageId: string): boolean }> {
  const rows = await ctx.tx.sql<{ sinceEpoch: number }[]>`
    select day - date '1970-01-01' as "sinceEpoch" from message_days where closed_at is null`;
  const days = new Set(rows.map((row) => row.sinceEpoch));
  return {
    hasRoomFor: (messageId) => messageId[14] === "7" && days.has(Math.floor(idTimeMs(messageId) / dayMs)),
  };
}
