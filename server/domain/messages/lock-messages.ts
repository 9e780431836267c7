/** Reads messages under a lock, for whoever is to change them: what many of them share comes once. */
import { uuidArray } from "#db/arrays.ts";
import type { ChargeStage } from "#server/domain/ledger/stage.ts";
import type { Dimensions } from "#server/domain/messages/count.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import type { InTx } from "#server/kernel/context.ts";

/** @property dimensions the same object for messages that are counted under the same */
export type LockedMessage = {
  id: string;
  dimensions: Dimensions;
  tenantId: string;
  rateId: string;
  parts: number;
  status: MessageStatus;
  stage: ChargeStage;
  source: string;
  originId: string | null;
  receipt: number;
  possibleDuplicate: boolean;
};

/** What messages of one kind share. */
export type MessageKind = Dimensions & Omit<LockedMessage, "id" | "dimensions">;

/** Of the table `messages`, for kindsOf. */
export const kindColumns = ({ tx: { sql } }: InTx) => sql`
  tenant_id, campaign_id, sender_id, operator_id, traffic_class, rate_id, parts, status, charge_stage, created_at, source,
  origin_id, receipt, possible_duplicate`;

/** A row a kind, of rows that have kindColumns: to be grouped by its 14 columns. */
export const kindsOf = ({ tx: { sql } }: InTx) => sql`
  tenant_id as "tenantId", campaign_id as "campaignId", sender_id as "senderId", operator_id as "operatorId",
  traffic_class as "trafficClass", rate_id as "rateId", parts, status, charge_stage as stage,
  floor(date_part('epoch', created_at) / 86400)::int as "acceptedDay", source, origin_id as "originId", receipt,
  possible_duplicate as "possibleDuplicate"`;

/**
 * In id order, so that two batches never wait for each other in a ring. Id bounds stand beside the list so that other
 * days' partitions are not opened. A row for each message would be sixteen values to write and to read; a batch's messages
 * are of a few kinds.
 */
export async function lockMessages(ctx: InTx, messageIds: readonly string[]): Promise<Map<string, LockedMessage>> {
  const ids = [...new Set(messageIds)].sort();
  const groups = await ctx.tx.sql<(MessageKind & { ids: string })[]>`
    with locked as materialized (
      select id, ${kindColumns(ctx)}
      from messages
      where id = any(${uuidArray(ids)}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
      order by id for update
    )
    select ${kindsOf(ctx)}, string_agg(id::text, ',') as ids
    from locked group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14`;
  const messages = new Map<string, LockedMessage>();
  for (const { ids, ...kind } of groups) {
    const make = messageMaker(kind);
    for (const id of ids.split(",")) messages.set(id, make(id));
  }
  return messages;
}

/** Written out: objects of one form are cheap to make and to read. */
export function messageMaker(kind: MessageKind): (id: string) => LockedMessage {
  const { tenantId, rateId, parts, status, stage, source, originId, receipt, possibleDuplicate } = kind;
  const { acceptedDay, campaignId, senderId, operatorId, trafficClass } = kind;
  const dimensions = { acceptedDay, tenantId, campaignId, senderId, operatorId, trafficClass, rateId };
  return (id) => ({
    id,
    dimensions,
    tenantId,
    rateId,
    parts,
    status,
    stage,
    source,
    originId,
    receipt,
    possibleDuplicate,
  });
}
