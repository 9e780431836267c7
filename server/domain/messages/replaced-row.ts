/** The rows of a message whose text is replaced: read under lock, and written. */
import { chargeStage } from "#server/domain/ledger/stage.ts";
import { recordEvents } from "#server/domain/messages/record-events.ts";
import type { Segments } from "#server/domain/messages/segment.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { isId } from "#server/kernel/id.ts";

export type Replaced = {
  id: string;
  tenantId: string;
  ancestors: string[];
  campaignId: string | null;
  senderId: string;
  sender: string;
  operatorId: string;
  country: string;
  trafficClass: string;
  rateId: string;
  parts: number;
  createdAt: Date;
  /** No worker has it, and no moderator either. */
  isWaiting: boolean;
};

/** Locks the queue's row first, as every writer does. @throws not_found `message_not_found` */
export async function loadReplaced(ctx: InTx, { id, accountId }: { id: string; accountId: string }): Promise<Replaced> {
  if (!isId(id)) throw notFound("message");
  const queued = await ctx.tx.sql`
    select message_id from send_queue
    where message_id = ${id} and tenant_id = ${ctx.tenantId} and lease_owner is null for update`;
  const [row] = await ctx.tx.sql<(Omit<Replaced, "isWaiting"> & { status: string; stage: number })[]>`
    select m.id, m.tenant_id as "tenantId", t.ancestors, m.campaign_id as "campaignId", m.sender_id as "senderId",
      m.sender, m.operator_id as "operatorId", coalesce(o.country, '') as country, m.traffic_class as "trafficClass",
      m.rate_id as "rateId", m.parts::int as parts, m.created_at as "createdAt", m.status, m.charge_stage::int as stage
    from messages m join tenants t on t.id = m.tenant_id left join operators o on o.id = m.operator_id
    where m.id = ${id} and m.tenant_id = ${ctx.tenantId} and m.origin_id = ${accountId} for update of m`;
  if (!row) throw notFound("message");
  const { status, stage, ...found } = row;
  return { ...found, isWaiting: queued.length === 1 && status === "queued" && stage === chargeStage.held };
}

export type Replacement = {
  text: string;
  segments: Segments;
  rateId: string;
  sendAt?: Date | undefined;
  validUntil?: Date | undefined;
  receipt?: number | undefined;
};

export async function writeReplacement(ctx: InTx, before: Replaced, after: Replacement): Promise<void> {
  const { id, tenantId } = before;
  const { encoding, parts } = after.segments;
  const [validUntil, readyAt] = [after.validUntil ?? null, after.sendAt ?? null];
  await ctx.tx.sql`
    update messages set text = ${after.text}, encoding = ${encoding}, parts = ${parts}, rate_id = ${after.rateId},
      receipt = coalesce(${after.receipt ?? null}::smallint, receipt),
      valid_until = coalesce(${validUntil}::timestamptz, valid_until)
    where id = ${id}`;
  await ctx.tx.sql`
    update send_queue set ready_at = coalesce(${readyAt}::timestamptz, ready_at),
      valid_until = coalesce(${validUntil}::timestamptz, valid_until)
    where message_id = ${id}`;
  const detail = { actor: ctx.actor.name, parts, encoding };
  recordEvents(ctx, [{ messageId: id, tenantId, at: ctx.clock.now(), kind: "replaced", detail }]);
}
