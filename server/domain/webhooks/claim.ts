/** Reads what is to be sent to an endpoint next, with all that the payloads say: three queries however many events. */
import { uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/webhooks/allow-worker.ts";
import { type MessageFacts, messageEventId, messageJson } from "#server/domain/webhooks/payload.ts";
import type { Delivery } from "#server/domain/webhooks/work.ts";
import type { Context } from "#server/kernel/context.ts";

export type ClaimDeliveries = {
  endpointId: string;
  /** The worker that holds the endpoint's lease; without the lease nothing is given out. */
  owner: string;
  /** As the worker knows the endpoint: one that people changed since, or paused, is read again first. */
  updatedAt: Date;
  /** New events after this id (rows are read in order), retries whose time has come, or, for one try, anything. */
  what: { afterId: string } | "retries" | "anything";
  limit: number;
  /** Rows that the worker has in hand. */
  held: ReadonlySet<string>;
};

export type Claimed = {
  deliveries: Delivery[];
  /** Rows that were there, also such as the worker has in hand: fewer than asked for = no more. */
  found: number;
  /** The last new one of them. */
  lastId: string | null;
};

type Row = {
  id: string;
  messageId: string;
  status: string;
  errorCode: string | null;
  at: Date;
  attempts: number;
};
/** Moments come as Unix milliseconds: writing and reading them as text would cost as much as the rest of a row. */
type RowRead = Omit<Row, "at"> & { atMs: number };
type FactsRead = Omit<MessageFacts, "createdAt" | "sentAt" | "doneAt"> & {
  createdMs: number;
  sentMs: number | null;
  doneMs: number | null;
};

/** Whole milliseconds, as the driver makes them of text: what is below them falls away, a fraction's rounding does not. */
const dateOf = (ms: number): Date => new Date(Math.floor(ms + 0.01));
const dateOrNull = (ms: number | null): Date | null => (ms === null ? null : dateOf(ms));

/** Stands as the status of rows that tell of something else than a message: `messageId` names a row of webhook_events. */
export const otherEvent = "event";

/** Reads only, each good by itself: a transaction around them would be two more journeys. */
export async function claimDeliveries(ctx: Context, input: ClaimDeliveries): Promise<Claimed> {
  allowWorker(ctx);
  const rows = await readRows(ctx, input);
  const free = rows.filter(({ id }) => !input.held.has(id));
  const deliveries = await load(ctx, free);
  if (deliveries.length < free.length) await dropOrphans(ctx, free, deliveries);
  const lastId = rows.filter(({ attempts }) => attempts === 0).at(-1)?.id ?? null;
  return { deliveries, found: rows.length, lastId };
}

async function readRows(ctx: Context, { endpointId, owner, updatedAt, what, limit }: ClaimDeliveries): Promise<Row[]> {
  const { sql } = ctx.db;
  const isHeld = sql`exists (select from webhook_endpoints e
    where e.id = ${endpointId} and e.lease_owner = ${owner} and e.lease_until > now() and e.status = 'active'
      and e.updated_at < ${new Date(updatedAt.getTime() + 1)})`;
  const afterId = typeof what === "object" ? what.afterId : null;
  const fresh = () => sql<RowRead[]>`
    select id, message_id as "messageId", status, error_code as "errorCode", date_part('epoch', at) * 1000 as "atMs",
      0 as attempts
    from outgoing_receipts
    where receiver_id = ${endpointId} and lease_owner is null and ${afterId ? sql`id > ${afterId}::uuid` : sql`true`}
      and ${isHeld}
    order by id limit ${limit}`;
  const retries = () => sql<RowRead[]>`
    select id, message_id as "messageId", status, error_code as "errorCode", date_part('epoch', at) * 1000 as "atMs",
      attempts
    from webhook_retries
    where endpoint_id = ${endpointId} and ${what === "retries" ? sql`ready_at <= ${ctx.clock.now()}` : sql`true`}
      and ${isHeld}
    order by ready_at limit ${limit}`;
  let rows = await (what === "retries" ? retries() : fresh());
  if (what === "anything" && rows.length === 0) rows = await retries();
  return rows.map(({ id, messageId, status, errorCode, atMs, attempts }) => ({
    id,
    messageId,
    status,
    errorCode,
    at: dateOf(atMs),
    attempts,
  }));
}

async function load(ctx: Context, rows: readonly Row[]): Promise<Delivery[]> {
  const ofMessages = rows.filter(({ status }) => status !== otherEvent);
  const others = rows.filter(({ status }) => status === otherEvent);
  const messages = await loadMessages(ctx, ofMessages);
  const events = await loadEvents(ctx, others);
  return rows.flatMap((row): Delivery[] => {
    const { id, messageId, attempts, at } = row;
    if (row.status === otherEvent) {
      const json = events.get(messageId);
      return json ? [{ id, messageId, attempts, at, json, eventId: `evt_${messageId}` }] : [];
    }
    const message = messages.get(messageId);
    if (!message) return [];
    const eventId = messageEventId(messageId, row.status);
    return [{ id, messageId, attempts, at, json: messageJson(message, row), eventId }];
  });
}

/** Id bounds stand beside the list so that other days' partitions are not opened. */
async function loadMessages(ctx: Context, rows: readonly Row[]): Promise<Map<string, MessageFacts>> {
  if (rows.length === 0) return new Map();
  const ids = [...new Set(rows.map(({ messageId }) => messageId))].sort();
  const found = await ctx.db.sql<FactsRead[]>`
    select m.id, m.reference, m.msisdn, m.sender, m.parts, m.campaign_id as "campaignId",
      m.possible_duplicate as "possibleDuplicate", date_part('epoch', m.created_at) * 1000 as "createdMs",
      date_part('epoch', m.sent_at) * 1000 as "sentMs", date_part('epoch', m.done_at) * 1000 as "doneMs",
      m.charge_stage as stage, h.unit_price_micros as "unitPriceMicros", h.currency, h.post_on as "postOn"
    from messages m left join rate_hops h on h.rate_id = m.rate_id and h.hop = 0
    where m.id = any(${uuidArray(ids)}::uuid[]) and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
  return new Map(found.map((message) => [message.id, factsOf(message)]));
}

/** Field by field: spreading rows costs more than all else that is done with them here. */
const factsOf = (row: FactsRead): MessageFacts => ({
  id: row.id,
  reference: row.reference,
  msisdn: row.msisdn,
  sender: row.sender,
  parts: row.parts,
  campaignId: row.campaignId,
  possibleDuplicate: row.possibleDuplicate,
  createdAt: dateOf(row.createdMs),
  sentAt: dateOrNull(row.sentMs),
  doneAt: dateOrNull(row.doneMs),
  stage: row.stage,
  unitPriceMicros: row.unitPriceMicros,
  currency: row.currency,
  postOn: row.postOn,
});

async function loadEvents(ctx: Context, rows: readonly Row[]): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const found = await ctx.db.sql<{ id: string; type: string; data: unknown; createdAt: Date }[]>`
    select id, type, data, created_at as "createdAt" from webhook_events
    where id = any(${uuidArray(rows.map(({ messageId }) => messageId))}::uuid[])`;
  return new Map(
    found.map(({ id, type, data, createdAt }) => [id, JSON.stringify({ type, timestamp: createdAt, data })]),
  );
}

/** What they tell of was cleared away by age: there is nothing left to say. */
async function dropOrphans(ctx: Context, rows: readonly Row[], deliveries: readonly Delivery[]): Promise<void> {
  const known = new Set(deliveries.map(({ id }) => id));
  const orphans = rows.map(({ id }) => id).filter((id) => !known.has(id));
  await ctx.db.sql`delete from outgoing_receipts where id = any(${uuidArray(orphans)}::uuid[])`;
  await ctx.db.sql`delete from webhook_retries where id = any(${uuidArray(orphans)}::uuid[])`;
}
