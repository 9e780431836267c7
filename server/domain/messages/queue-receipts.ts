/** Queues what clients are to be told when their messages end, in the transaction that ends them. */
import type { MessageStatus } from "#server/domain/messages/input.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

/** The channel on which the workers that tell clients listen; the payload is the receiver's id. */
export const outgoingReceiptsChannel = "outgoing_receipts";

/** Whom to tell of a message's end, as SMPP 3.4 section 5.2.17 counts. */
export const receiptWish = { never: 0, always: 1, onFailure: 2 } as const;

export type EndedMessage = {
  id: string;
  tenantId: string;
  source: string;
  /** The API key or the SMPP account that it came from. */
  originId: string | null;
  receipt: number;
  status: MessageStatus;
  errorCode: string | null;
  doneAt: Date | null;
};

type Row = { channel: "smpp" | "webhook"; receiverId: string; message: EndedMessage };

/** One row for each message and receiver. Call it once for a message: when its status becomes final. */
export async function queueReceipts(ctx: InTx, ended: readonly EndedMessage[]): Promise<void> {
  const rows: Row[] = ended.flatMap((message) =>
    message.source === "smpp" && message.originId !== null && isWanted(message)
      ? [{ channel: "smpp", receiverId: message.originId, message }]
      : [],
  );
  if (rows.length === 0) return;
  const now = ctx.clock.now();
  await ctx.tx.sql`
    insert into outgoing_receipts (id, tenant_id, channel, receiver_id, message_id, status, error_code, at, ready_at)
    select *, ${now}::timestamptz from unnest(${rows.map(() => newId())}::uuid[],
      ${rows.map((r) => r.message.tenantId)}::uuid[], ${rows.map((r) => r.channel)}::text[],
      ${rows.map((r) => r.receiverId)}::uuid[], ${rows.map((r) => r.message.id)}::uuid[],
      ${rows.map((r) => r.message.status)}::text[], ${rows.map((r) => r.message.errorCode)}::text[],
      ${rows.map((r) => (r.message.doneAt ?? now).toISOString())}::timestamptz[])`;
  const receivers = [...new Set(rows.map((r) => r.receiverId))];
  await ctx.tx.sql`select pg_notify(${outgoingReceiptsChannel}, id) from unnest(${receivers}::text[]) as r (id)`;
}

const isWanted = ({ receipt, status }: EndedMessage): boolean =>
  receipt === receiptWish.always || (receipt === receiptWish.onFailure && status !== "delivered");
