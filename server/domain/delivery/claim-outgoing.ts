/** Gives a server the receipts that it is to tell its clients of, in order, without a write: the lease is the account's. */
import { intArray, uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import type { Context } from "#server/kernel/context.ts";

export type ClaimOutgoing = {
  owner: string;
  /** Accounts whose receivers' lease this server has; `inHand` are rows that it got before and has not confirmed. */
  wanted: readonly { accountId: string; limit: number; inHand: readonly string[] }[];
};

export type OutgoingReceipt = {
  id: string;
  accountId: string;
  messageId: string;
  status: string;
  errorCode: string | null;
  doneAt: Date;
  submittedAt: Date;
  attempts: number;
  msisdn: string;
  sender: string;
  /** The beginning of the text. */
  text: string;
  serviceType: string;
  /** The client's own, SMPP 3.4 section 5.3.2.17. */
  userMessageReference: number | null;
  /** Of one of a submit to many: the id that the client knows. */
  answeredAs: string | null;
  /** Of a message in several submits: the numbers of the parts that asked to be told. */
  told: number[] | null;
};

/** Moments come as Unix milliseconds: read from text they would cost as much as the rest of a row. */
type QueueRow = Pick<OutgoingReceipt, "id" | "accountId" | "messageId" | "status" | "errorCode" | "attempts"> & {
  doneAtMs: number;
};
type Extras = Pick<
  OutgoingReceipt,
  "msisdn" | "sender" | "text" | "serviceType" | "userMessageReference" | "answeredAs" | "told"
> & { submittedAtMs: number };

/**
 * In the order in which the messages ended. Without the lease nothing is given out. Call it for one account in one
 * place at a time: what is not in `inHand` may be given out again.
 */
export async function claimOutgoing(ctx: Context, { owner, wanted }: ClaimOutgoing): Promise<OutgoingReceipt[]> {
  allowWorker(ctx);
  if (wanted.length === 0) return [];
  // Reads only, each good by itself: a transaction around them would be two more journeys.
  const rows = await queued(ctx, owner, wanted);
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map((row) => row.messageId))].sort();
  const found = await loadMessages(ctx, ids);
  const missing = found.size < ids.length ? ids.filter((id) => !found.has(id)) : [];
  for (const row of await loadParts(ctx, missing)) found.set(row.id, row);
  return rows.map((row) => asReceipt(row, found.get(row.messageId) ?? nothingKnown(row)));
}

function queued(ctx: Context, owner: string, wanted: ClaimOutgoing["wanted"]): Promise<QueueRow[]> {
  // One list for all: what one account has in hand is no row of another.
  const inHand = wanted.flatMap((one) => one.inHand);
  return ctx.db.sql<QueueRow[]>`
    select r.id, w.account_id as "accountId", r.message_id as "messageId", r.status, r.error_code as "errorCode",
      date_part('epoch', r.at) * 1000 as "doneAtMs", r.attempts
    from unnest(${uuidArray(wanted.map((one) => one.accountId))}::uuid[],
      ${intArray(wanted.map((one) => one.limit))}::int[])
      as w (account_id, n)
    join smpp_receivers v on v.account_id = w.account_id and v.owner = ${owner}
    join smpp_servers s on s.owner = v.owner and s.expires_at > now()
    cross join lateral (
      select * from outgoing_receipts o
      where o.receiver_id = w.account_id and o.lease_owner is null and o.channel = 'smpp'
        and o.ready_at <= ${ctx.clock.now()} and o.id <> all(${uuidArray(inHand)}::uuid[])
      order by o.id limit w.n) r
    order by r.id`;
}

/** Field by field: spreading two rows into one costs more than all else that is done with a receipt here. */
const asReceipt = (row: QueueRow, extras: Extras): OutgoingReceipt => ({
  id: row.id,
  accountId: row.accountId,
  messageId: row.messageId,
  status: row.status,
  errorCode: row.errorCode,
  doneAt: new Date(Math.round(row.doneAtMs)),
  submittedAt: new Date(Math.round(extras.submittedAtMs)),
  attempts: row.attempts,
  msisdn: extras.msisdn,
  sender: extras.sender,
  text: extras.text,
  serviceType: extras.serviceType,
  userMessageReference: extras.userMessageReference,
  answeredAs: extras.answeredAs,
  told: extras.told,
});

async function loadMessages(ctx: Context, ids: string[]): Promise<Map<string, Extras>> {
  const rows = await ctx.db.sql<(Extras & { id: string })[]>`
    select id, msisdn, sender, left(text, 20) as text, date_part('epoch', created_at) * 1000 as "submittedAtMs",
      coalesce(wire ->> 'serviceType', '') as "serviceType",
      (wire -> 'tlvs' ->> 'user_message_reference')::int as "userMessageReference", wire -> 'parts' -> 'told' as told,
      case when (wire ->> 'multi')::boolean then batch_id end as "answeredAs"
    from messages
    where id = any(${uuidArray(ids)}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Messages that never came to be, because parts of them were missing or the last one was refused. */
async function loadParts(ctx: Context, ids: string[]): Promise<(Extras & { id: string })[]> {
  if (ids.length === 0) return [];
  const rows = await ctx.db.sql<(Pick<Extras, "msisdn" | "sender" | "submittedAtMs" | "told"> & { id: string })[]>`
    select message_id as id, min(msisdn) as msisdn, min(sender) as sender, date_part('epoch', min(received_at)) * 1000 as "submittedAtMs",
      array_agg(part_number::int order by part_number) filter (where receipt > 0) as told
    from smpp_parts where message_id = any(${uuidArray(ids)}::uuid[]) group by 1`;
  return rows.map((row) => ({ ...row, text: "", serviceType: "", userMessageReference: null, answeredAs: null }));
}

/** The message is gone from the tables before its receipt went out. */
const nothingKnown = ({ doneAtMs }: QueueRow): Extras => ({
  msisdn: "",
  sender: "",
  text: "",
  submittedAtMs: doneAtMs,
  serviceType: "",
  userMessageReference: null,
  answeredAs: null,
  told: null,
});
