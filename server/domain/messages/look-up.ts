/** Any id that people hold in their hands, and the messages that it may mean: one probe of an index for each meaning. */

import { callbackList, messagesOfList } from "#server/domain/messages/callback-list.ts";
import { dayMs } from "#server/domain/messages/count.ts";
import { type MessageRow, messageColumns } from "#server/domain/messages/find.ts";
import { carrierIdForms, floorId, idInside, looksLikeNumber } from "#server/domain/messages/search-terms.ts";
import { parseNumber } from "#server/domain/routing/parse-number.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import type { InTx } from "#server/kernel/context.ts";
import { idTimeMs } from "#server/kernel/id.ts";

/**
 * What the text turned out to be: our id of a message (also a part's), of a batch, a campaign; the client's reference or
 * Idempotency-Key; a carrier's id; a number; a callback's webhook-id, or an attempt to deliver it.
 */
export type FoundBy =
  | "message"
  | "batch"
  | "campaign"
  | "reference"
  | "idempotency"
  | "carrier"
  | "number"
  | "callback"
  | "attempt";
export type Match = MessageRow & { foundBy: FoundBy };
export type LookedUp = {
  /** Newest first. */
  matches: Match[];
  /** More than are listed. */
  hasMore: boolean;
};

export const mostMatches = 25;

type Probe = [FoundBy, Promise<readonly { id: string }[]>];

/**
 * Row-level security narrows every probe to the reader's subtree; what is found is joined with it once more.
 * @param ctx a tenant's transaction
 */
export async function lookUp(ctx: InTx, text: string): Promise<LookedUp> {
  const { country } = await tenantInScope(ctx, ctx.tenantId);
  const list = callbackList(text);
  if (list) return matchesOf(ctx, await find([["callback", messagesOfList(ctx, list)]]));
  const callback = /^msg_([0-9a-f-]{36})_[a-z]+$/i.exec(text)?.[1]?.toLowerCase();
  const id = callback ?? idInside(text);
  // Our own ids first: what they find needs no look at what others call their things.
  const own = id ? await find(probesOfId(ctx, id, callback ? "callback" : "message")) : new Map<string, FoundBy>();
  const named = own.size > 0 ? own : await find(probesOfNames(ctx, text, country));
  const foundBy = named.size > 0 ? named : await find([["idempotency", byIdempotencyKey(ctx, text)]]);
  return matchesOf(ctx, foundBy);
}

async function matchesOf(ctx: InTx, foundBy: ReadonlyMap<string, FoundBy>): Promise<LookedUp> {
  const newest = [...foundBy.keys()].sort().reverse();
  const rows = await loadRows(ctx, newest.slice(0, mostMatches));
  return {
    matches: rows.map((row) => ({ ...row, foundBy: foundBy.get(row.id) ?? "message" })),
    hasMore: newest.length > mostMatches,
  };
}

/** One connection: sent one after the other without waiting. The first meaning of a message counts. */
async function find(probes: Probe[]): Promise<Map<string, FoundBy>> {
  const found = new Map<string, FoundBy>();
  const answers = await Promise.all(probes.map(([, rows]) => rows));
  for (const [index, rows] of answers.entries()) {
    for (const { id } of rows) if (!found.has(id)) found.set(id, probes[index]?.[0] ?? "message");
  }
  return found;
}

/** Messages stand in the partition of their id's day; those of a batch or a campaign are at most a day older than it. */
function probesOfId(ctx: InTx, id: string, meaning: "message" | "callback"): Probe[] {
  const { sql } = ctx.tx;
  const since = id[14] === "7" ? floorId(idTimeMs(id) - dayMs) : floorId(0);
  return [
    [meaning, sql`select id from messages where id = ${id}`],
    [
      "batch",
      sql`
      select id from messages where batch_id = ${id} and id >= ${since}::uuid order by id desc limit ${mostMatches + 1}`,
    ],
    [
      "campaign",
      sql`
      select id from messages where campaign_id = ${id} and id >= ${since}::uuid order by id desc limit ${mostMatches + 1}`,
    ],
    [
      "attempt",
      sql`
      select unnest(message_ids[1:${mostMatches + 1}::int]) as id from webhook_attempts where id = ${id}`,
    ],
  ];
}

/** @param country in which a number may be written */
function probesOfNames(ctx: InTx, text: string, country: string): Probe[] {
  const { sql } = ctx.tx;
  const probes: Probe[] = [["reference", byReference(ctx, text)]];
  const forms = carrierIdForms(text);
  if (forms.length > 0) probes.push(["carrier", byCarrierId(ctx, forms)]);
  const msisdn = looksLikeNumber(text) ? parseNumber(text, country)?.msisdn : undefined;
  if (!msisdn) return probes;
  const byNumber = sql<{ id: string }[]>`
    select id from messages where msisdn = ${msisdn} order by id desc limit ${mostMatches + 1}`;
  return [...probes, ["number", byNumber]];
}

function byReference({ tx: { sql } }: InTx, text: string) {
  return sql<{ id: string }[]>`
    select id from messages where reference = ${text} order by id desc limit ${mostMatches + 1}`;
}

/** What the first answer under this key named; kept for a day. */
function byIdempotencyKey(ctx: InTx, text: string) {
  return ctx.tx.sql<{ id: string }[]>`
    select (outcome ->> 'id')::uuid as id
    from tenants t join idempotency_keys k on k.tenant_id = t.id and k.key = ${text}
    cross join jsonb_array_elements(k.answer) as outcome
    where t.ancestors @> array[${ctx.tenantId}::uuid] and outcome ->> 'status' <> 'refused' limit ${mostMatches + 1}`;
}

/** Only over connectors that the reader may see. */
function byCarrierId(ctx: InTx, forms: string[]) {
  return ctx.tx.sql<{ id: string }[]>`
    select distinct r.message_id as id from connectors c join carrier_refs r on r.connector_id = c.id
    where c.tenant_id in (select id from tenants where ancestors @> array[${ctx.tenantId}::uuid])
      and r.carrier_id = any(${forms}::text[]) limit ${mostMatches + 1}`;
}

async function loadRows(ctx: InTx, ids: readonly string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return [];
  return ctx.tx.sql<MessageRow[]>`
    select ${messageColumns(ctx)}
    from messages m join tenants t on t.id = m.tenant_id and t.ancestors @> array[${ctx.tenantId}::uuid]
    left join operators o on o.id = m.operator_id
    where m.id = any(${[...ids]}::uuid[]) and m.id between ${ids.at(-1) ?? ""}::uuid and ${ids[0] ?? ""}::uuid
    order by m.id desc`;
}
