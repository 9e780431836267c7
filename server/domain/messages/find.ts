/** The one query behind the list and the export: filters, any id, newest first, only the partitions that matter. */

import type { z } from "zod";
import { dayMs } from "#server/domain/messages/count.ts";
import type { exportMessages, MessageStatus } from "#server/domain/messages/input.ts";
import { carrierIdForms, floorId, looksLikeNumber } from "#server/domain/messages/search-terms.ts";
import type { Encoding } from "#server/domain/messages/segment.ts";
import { parseNumber } from "#server/domain/routing/parse-number.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import type { InTx } from "#server/kernel/context.ts";
import { idTimeMs, isId } from "#server/kernel/id.ts";

export type MessageRow = {
  id: string;
  tenantId: string;
  tenantName: string;
  batchId: string;
  campaignId: string | null;
  sender: string;
  msisdn: string;
  text: string;
  trafficClass: "otp" | "transactional" | "bulk";
  encoding: Encoding;
  parts: number;
  operatorId: string;
  operatorName: string | null;
  status: MessageStatus;
  errorCode: string | null;
  possibleDuplicate: boolean;
  source: string;
  reference: string | null;
  validUntil: Date;
  sentAt: Date | null;
  doneAt: Date | null;
  createdAt: Date;
};
export type Filters = z.output<typeof exportMessages>;
type Page = { cursor?: string | undefined; limit: number };

/** Without a time and without a search, the list looks this far back. */
const defaultDays = 7;

/** The queue's lease says that a worker has it in hand: its row is not written for that. */
const shownStatus = ({ tx }: InTx) => tx.sql`
  case when m.status = 'queued' and exists (
    select from send_queue q where q.message_id = m.id and q.lease_owner is not null) then 'sending' else m.status end`;

export const messageColumns = (ctx: InTx) => ctx.tx.sql`
  m.id, m.tenant_id as "tenantId", t.name as "tenantName", m.batch_id as "batchId", m.campaign_id as "campaignId",
  m.sender, m.msisdn, m.text, m.traffic_class as "trafficClass", m.encoding, m.parts, m.operator_id as "operatorId",
  o.name as "operatorName", ${shownStatus(ctx)} as status, m.error_code as "errorCode", m.possible_duplicate as "possibleDuplicate",
  m.source, m.reference, m.valid_until as "validUntil", m.sent_at as "sentAt", m.done_at as "doneAt",
  m.created_at as "createdAt"`;

/**
 * Newest first. With a search the index of what is searched leads; without one every tenant's own index does, so that a
 * small tenant's page does not read a big one's day.
 * @throws not_found `tenant_not_found`
 */
export async function findMessages(ctx: InTx, filters: Filters, page: Page): Promise<MessageRow[]> {
  const tenant = await tenantInScope(ctx, filters.tenantId ?? ctx.tenantId);
  const conditions = ctx.tx.sql`${bounds(ctx, filters, page)} ${equalities(ctx, filters)}`;
  const tenantIds = await tenantsOf(ctx, tenant.id, filters.scope);
  if (filters.search !== undefined) {
    const carried = isId(filters.search.toLowerCase()) ? [] : await byCarrierId(ctx, filters.search);
    const matches = searchCondition(ctx, filters.search, tenant.country, carried);
    return ctx.tx.sql<MessageRow[]>`
      select ${messageColumns(ctx)}
      from messages m join tenants t on t.id = m.tenant_id left join operators o on o.id = m.operator_id
      where m.tenant_id = any(${tenantIds}::uuid[]) and (${matches}) ${conditions}
      order by m.id desc limit ${page.limit}`;
  }
  return ctx.tx.sql<MessageRow[]>`
    select ${messageColumns(ctx)}
    from unnest(${tenantIds}::uuid[]) as s (id)
    cross join lateral (
      select * from messages m where m.tenant_id = s.id ${conditions} order by m.id desc limit ${page.limit}
    ) m
    join tenants t on t.id = m.tenant_id left join operators o on o.id = m.operator_id
    order by m.id desc limit ${page.limit}`;
}

async function tenantsOf(ctx: InTx, tenantId: string, scope: "self" | "subtree"): Promise<string[]> {
  if (scope === "self") return [tenantId];
  const rows = await ctx.tx.sql<{ id: string }[]>`select id from tenants where ancestors @> array[${tenantId}::uuid]`;
  return rows.map((row) => row.id);
}

/** Time as a range of ids, by which partitions are left out. Searching by id needs no range: it is exact already. */
function bounds(ctx: InTx, { from, to, search }: Filters, { cursor }: Page) {
  const { sql } = ctx.tx;
  const nowMs = ctx.clock.now().getTime();
  const startMs = from?.getTime() ?? (search === undefined ? nowMs - defaultDays * dayMs : earliest(search));
  return sql`
    ${startMs === null ? sql`` : sql`and m.id >= ${floorId(startMs)}::uuid`}
    ${to ? sql`and m.id < ${floorId(to.getTime())}::uuid` : sql``}
    ${cursor ? sql`and m.id < ${cursor}::uuid` : sql``}`;
}

/** A message is not older than a day before the id of its batch or campaign; other searches go back all the way. */
function earliest(search: string): number | null {
  return isId(search.toLowerCase()) && search[14] === "7" ? idTimeMs(search.toLowerCase()) - dayMs : null;
}

/** The statuses that rows carry which are shown so. */
const stored = (shown: readonly MessageStatus[]): MessageStatus[] =>
  shown.includes("sending") ? [...shown, "queued"] : [...shown];

function equalities(ctx: InTx, filters: Filters) {
  const { sql } = ctx.tx;
  const { status, sender, operatorId, campaignId, trafficClass } = filters;
  return sql`
    ${status?.length ? sql`and m.status = any(${stored(status)}::text[]) and ${shownStatus(ctx)} = any(${status}::text[])` : sql``}
    ${sender ? sql`and lower(m.sender) = ${sender.toLowerCase()}` : sql``}
    ${operatorId ? sql`and m.operator_id = ${operatorId}` : sql``}
    ${campaignId ? sql`and m.campaign_id = ${campaignId}` : sql``}
    ${trafficClass ? sql`and m.traffic_class = ${trafficClass}` : sql``}`;
}

/**
 * Ours, a batch's, a campaign's; a number in any notation; the client's reference; a carrier's id. Not async: a piece of
 * SQL that is awaited would be run.
 * @param carried messages that the carrier's id stands for
 */
function searchCondition(ctx: InTx, search: string, country: string, carried: string[]) {
  const { sql } = ctx.tx;
  const id = search.toLowerCase();
  if (isId(id)) {
    return sql`m.id = ${id} or m.batch_id = ${id} or m.campaign_id = ${id} or m.reference = ${search}`;
  }
  const msisdn = looksLikeNumber(search) ? (parseNumber(search, country)?.msisdn ?? null) : null;
  return sql`
    m.reference = ${search} ${msisdn ? sql`or m.msisdn = ${msisdn}` : sql``}
    ${carried.length > 0 ? sql`or m.id = any(${carried}::uuid[])` : sql``}`;
}

const maxCarried = 100;

/** Only over connectors that the actor may see (row-level security narrows both tables to its subtree). */
async function byCarrierId(ctx: InTx, search: string): Promise<string[]> {
  const forms = carrierIdForms(search);
  if (forms.length === 0) return [];
  const rows = await ctx.tx.sql<{ id: string }[]>`
    select distinct r.message_id as id from connectors c join carrier_refs r on r.connector_id = c.id
    where c.tenant_id in (select id from tenants where ancestors @> array[${ctx.tenantId}::uuid])
      and r.carrier_id = any(${forms}::text[]) limit ${maxCarried}`;
  return rows.map((row) => row.id);
}
