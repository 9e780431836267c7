/** Queues what clients are to be told of their messages, in the transaction that changes them: by SMPP and by webhook. */
import { momentArray, textArray, uuidArray } from "#db/arrays.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { isFinal } from "#server/domain/messages/lifecycle.ts";
import { queueMessageEvents } from "#server/domain/webhooks/queue-events.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

/** The channel on which the workers that tell clients by SMPP listen; the payload is the account's id. */
export const outgoingReceiptsChannel = "outgoing_receipts";

/** Whom to tell of a message's end, as SMPP 3.4 section 5.2.17 counts. */
export const receiptWish = { never: 0, always: 1, onFailure: 2 } as const;

/** One of which somebody is to be told, see isTold. */
export type ChangedMessage = {
  id: string;
  tenantId: string;
  source: string;
  /** The API key or the SMPP account that it came from. */
  originId: string | null;
  status: MessageStatus;
  errorCode: string | null;
  /** When the carrier took it, or when it ended; now, when null. */
  at: Date | null;
};

/** Accepted by the carrier, or final, and somebody wishes to know. */
export const isTold = (receipt: number, status: MessageStatus): boolean =>
  (status === "sent" || isFinal(status)) &&
  (receipt === receiptWish.always ||
    (receipt === receiptWish.onFailure && status !== "delivered" && status !== "sent"));

/** One row for each message and receiver, written with the commit. Call it once for a message and a status. */
export async function queueReceipts(ctx: InTx, told: readonly ChangedMessage[]): Promise<void> {
  if (told.length === 0) return;
  queueForBinds(
    ctx,
    told.filter(({ source, status }) => source === "smpp" && isFinal(status)),
  );
  await queueMessageEvents(ctx, told);
}

function queueForBinds(ctx: InTx, ended: readonly ChangedMessage[]): void {
  const rows = ended.filter(({ originId }) => originId !== null);
  if (rows.length === 0) return;
  const now = ctx.clock.now();
  const accounts = rows.map(({ originId }) => originId ?? "");
  const distinct = [...new Set(accounts)];
  ctx.tx.atCommit(
    ctx.tx.sql`
    insert into outgoing_receipts (id, channel, ready_at, tenant_id, receiver_id, message_id, status, error_code, at)
    select id, 'smpp', ${now}::timestamptz, tenant_id, receiver_id, message_id, status, error_code, at
    from unnest(${uuidArray(rows.map(() => newId()))}::uuid[], ${uuidArray(rows.map((r) => r.tenantId))}::uuid[],
      ${uuidArray(accounts)}::uuid[], ${uuidArray(rows.map((r) => r.id))}::uuid[],
      ${textArray(rows.map((r) => r.status))}::text[], ${textArray(rows.map((r) => r.errorCode))}::text[],
      ${momentArray(rows.map((r) => r.at ?? now))}::timestamptz[])
      as r (id, tenant_id, receiver_id, message_id, status, error_code, at)`,
    ctx.tx.sql`select pg_notify(${outgoingReceiptsChannel}, id) from unnest(${textArray(distinct)}::text[]) as r (id)`,
  );
}
