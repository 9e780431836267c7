/** Appends to the timelines of messages: many events, one statement. */
import { momentArray, smallintArray, textArray, uuidArray } from "#db/arrays.ts";
import type { messageEvents } from "#db/schema/messages.ts";
import type { InTx } from "#server/kernel/context.ts";

export type EventKind = (typeof messageEvents.$inferSelect)["kind"];
export type MessageEvent = {
  messageId: string;
  tenantId: string;
  at: Date;
  kind: EventKind;
  partNumber?: number | undefined;
  /** Plain JSON. What names a connector or a carrier is cut out for viewers who do not own the connector. */
  detail: Record<string, unknown>;
};

/** With the commit: nobody reads them in the transaction that writes them. */
export function recordEvents(ctx: InTx, events: readonly MessageEvent[]): void {
  if (events.length === 0) return;
  ctx.tx.atCommit(ctx.tx.sql`
    insert into message_events (message_id, tenant_id, at, kind, part_number, detail)
    select message_id, tenant_id, at, kind, part_number, detail::jsonb
    from unnest(${uuidArray(events.map((e) => e.messageId))}::uuid[], ${uuidArray(events.map((e) => e.tenantId))}::uuid[],
      ${momentArray(events.map((e) => e.at))}::timestamptz[], ${textArray(events.map((e) => e.kind))}::text[],
      ${smallintArray(events.map((e) => e.partNumber ?? null))}::smallint[],
      ${textArray(events.map((e) => JSON.stringify(e.detail)))}::text[])
      as e (message_id, tenant_id, at, kind, part_number, detail)`);
}
