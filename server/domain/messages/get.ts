/** One message with its timeline, its receipts and its money at the edges that the viewer may see. */
import { type ChargeStage, type HopState, hopState } from "#server/domain/ledger/stage.ts";
import { type MessageRow, messageColumns } from "#server/domain/messages/find.ts";
import { type GetMessage, getMessage as schema } from "#server/domain/messages/input.ts";
import { receiptWish } from "#server/domain/messages/queue-receipts.ts";
import type { EventKind } from "#server/domain/messages/record-events.ts";
import { visibleHops } from "#server/domain/pricing/visible-hops.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { DomainError, notFound } from "#server/kernel/errors.ts";
import { idTimeMs } from "#server/kernel/id.ts";
import { parse } from "#server/kernel/parse.ts";

export type TimelineEvent = { at: Date; kind: EventKind; partNumber: number | null; detail: Record<string, unknown> };
export type Edge = {
  hop: number;
  orderId: string;
  orderNumber: string;
  sellerId: string;
  buyerId: string;
  unitPriceMicros: bigint;
  totalMicros: bigint;
  currency: string;
  /** By the order's rule: when the carrier takes it, or when it is delivered. */
  postOn: "accepted" | "delivered";
  state: HopState;
};
export type PartReceipt = {
  partNumber: number;
  outcome: "delivered" | "undelivered" | "expired" | null;
  /** Null unless the viewer may see the connector. */
  carrierId: string | null;
  errorCode: string | null;
};
export type MessageWithTimeline = MessageRow & {
  /** Null unless the viewer may see the connector. */
  connector: { id: string; name: string } | null;
  timeline: TimelineEvent[];
  receipts: PartReceipt[];
  /** Empty for those who may not see money. */
  money: Edge[];
};

type Loaded = MessageRow & {
  ancestors: string[];
  rateId: string;
  stage: ChargeStage;
  connectorId: string;
  connectorName: string | null;
};

/** @throws not_found `message_not_found`, `message_gone` (its day is no longer kept) */
export async function getMessage(ctx: Context, input: GetMessage): Promise<MessageWithTimeline> {
  allow(ctx, "messages.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const { ancestors, rateId, stage, connectorId, connectorName, ...message } = await load(ctx, id);
    const ownsCarrier = connectorName !== null;
    // One connection: sent one after the other without waiting.
    const [first, rest, receipts, money] = await Promise.all([
      acceptance(ctx, { ...message, connectorId }, ownsCarrier),
      loadTimeline(ctx, id, ownsCarrier),
      loadReceipts(ctx, id, ownsCarrier),
      loadEdges(ctx, { ancestors, rateId, stage, parts: message.parts }),
    ]);
    const connector = ownsCarrier ? { id: connectorId, name: connectorName } : null;
    return { ...message, connector, timeline: [first, ...rest], receipts, money };
  });
}

/** The connector is joined in the viewer's scope: without a name, it belongs to somebody above. */
async function load(ctx: InTx, id: string): Promise<Loaded> {
  const [row] = await ctx.tx.sql<Loaded[]>`
    select ${messageColumns(ctx)}, t.ancestors, m.rate_id as "rateId", m.charge_stage as stage,
      m.connector_id as "connectorId", c.name as "connectorName"
    from messages m
    join tenants t on t.id = m.tenant_id and t.ancestors @> array[${ctx.tenantId}::uuid]
    left join operators o on o.id = m.operator_id
    left join connectors c on c.id = m.connector_id
      and c.tenant_id in (select id from tenants where ancestors @> array[${ctx.tenantId}::uuid])
    where m.id = ${id}`;
  if (!row) throw await missing(ctx, id);
  return row;
}

/** Said of the id's day, which everybody can read in it: nothing about whether there ever was such a message. */
async function missing(ctx: InTx, id: string): Promise<DomainError> {
  const atMs = idTimeMs(id);
  if (id[14] !== "7" || atMs > ctx.clock.now().getTime()) return notFound("message");
  const day = new Date(atMs).toISOString().slice(0, 10);
  const [kept] = await ctx.tx.sql<{ isGone: boolean }[]>`
    select to_regclass(${`messages_${day.replaceAll("-", "")}`}) is null as "isGone"`;
  if (!kept?.isGone) return notFound("message");
  return new DomainError("not_found", "message_gone", "Messages of that day are no longer kept.", { day });
}

/** What a timeline tells to those who do not own the connector: named here, so that what is new stays hidden. */
const openKeys = new Set(["source", "actor", "parts", "encoding", "operatorId", "receipt", "reason", "outcome"]);

/** The first entry: told by the message's own row, so that a message accepted needs no second one. */
async function acceptance(
  ctx: InTx,
  message: MessageRow & { connectorId: string },
  ownsCarrier: boolean,
): Promise<TimelineEvent> {
  const { source, parts, encoding, operatorId, connectorId, createdAt } = message;
  const [row] = await ctx.tx.sql<{ actor: string | null; receipt: number }[]>`
    select coalesce(k.name, u.name, c.name, s.system_id) as actor, m.receipt from messages m
    left join api_keys k on k.id = m.origin_id left join users u on u.id = m.origin_id
    left join campaigns c on c.id = m.campaign_id left join smpp_accounts s on s.id = m.origin_id
    where m.id = ${message.id}`;
  const detail = {
    source,
    ...(row?.actor ? { actor: row.actor } : {}),
    parts,
    encoding,
    operatorId,
    ...(ownsCarrier ? { connectorId } : {}),
    receipt: row?.receipt !== receiptWish.never,
  };
  return { at: createdAt, kind: "accepted", partNumber: null, detail };
}

/** An answer that took all at the first attempt has no event: the message's row says when, its references what. */
async function loadTimeline(ctx: InTx, id: string, ownsCarrier: boolean): Promise<TimelineEvent[]> {
  const rows = await ctx.tx.sql<TimelineEvent[]>`
    with events as (
      select at, kind, part_number, detail from message_events where message_id = ${id} and kind <> 'accepted'
    ), told (at, kind, part_number, detail) as (
      select m.sent_at, 'response', null::smallint, (
        select jsonb_build_object('connectorId', min(r.connector_id::text), 'attempt', 1, 'parts',
          jsonb_agg(jsonb_build_object('partNumber', r.part_number, 'carrierId', r.carrier_id) order by r.part_number))
        from carrier_refs r where r.message_id = ${id})
      from messages m
      where m.id = ${id} and m.sent_at is not null and not exists (select from events where kind = 'response')
        and exists (select from carrier_refs r where r.message_id = ${id})
    )
    select at, kind, part_number as "partNumber", detail from (table events union all table told) t
    order by at, kind <> 'response'`;
  if (ownsCarrier) return [...rows];
  return rows.map((event) => ({
    ...event,
    // Plain values only: a list of parts in a carrier's answer carries the carrier's ids.
    detail: Object.fromEntries(
      Object.entries(event.detail).filter(([key, value]) => openKeys.has(key) && typeof value !== "object"),
    ),
  }));
}

async function loadReceipts(ctx: InTx, id: string, ownsCarrier: boolean): Promise<PartReceipt[]> {
  const rows = await ctx.tx.sql<PartReceipt[]>`
    select r.part_number as "partNumber", r.carrier_id as "carrierId", coalesce(r.error_code, m.error_code) as "errorCode",
      coalesce(r.outcome, case when m.parts = 1 and m.status in ('delivered', 'undelivered', 'expired') then m.status end)
        as outcome
    from carrier_refs r join messages m on m.id = r.message_id
    where r.message_id = ${id} order by r.part_number, r.created_at`;
  return ownsCarrier ? [...rows] : rows.map((row) => ({ ...row, carrierId: null, errorCode: null }));
}

async function loadEdges(
  ctx: InTx,
  message: { ancestors: string[]; rateId: string; stage: ChargeStage; parts: number },
): Promise<Edge[]> {
  const rows = await ctx.tx.sql<Omit<Edge, "state" | "totalMicros">[]>`
    select h.hop, h.order_id as "orderId", o.number as "orderNumber", h.seller_id as "sellerId",
      h.buyer_id as "buyerId", h.unit_price_micros as "unitPriceMicros", h.currency, h.post_on as "postOn"
    from rate_hops h join orders o on o.id = h.order_id
    where h.rate_id = ${message.rateId} order by h.hop`;
  return visibleHops(rows, ctx, message.ancestors).map((edge) => ({
    ...edge,
    totalMicros: edge.unitPriceMicros * BigInt(message.parts),
    state: hopState(message.stage, edge.postOn),
  }));
}
