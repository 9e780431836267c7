/** Parts of long messages that are acknowledged one by one: kept until all are there, then they are one message. */
import { smallintArray, textArray, uuidArray } from "#db/arrays.ts";
import type { SubmitItem } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { outgoingReceiptsChannel } from "#server/domain/messages/queue-receipts.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { submitInTransaction } from "#server/domain/messages/submit.ts";
import { operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";

/** `receipt` as SMPP 3.4 section 5.2.17 counts. */
export type WaitingPart = { number: number; bytes: Buffer; receipt: number };
export type ParkParts = {
  /** What the parts of this message share, within the account. */
  groupKey: string;
  /** Of the message, when these are the first parts of it. */
  messageId: string;
  total: number;
  parts: readonly WaitingPart[];
  sender: string;
  msisdn: string;
  /** Makes the message when all its parts are there, in order. Pure: it may be called again. */
  compose(messageId: string, parts: readonly WaitingPart[]): SubmitItem;
};
/** `outcome` is null while parts are missing. */
export type Parked = { messageId: string; outcome: SubmitOutcome | null };

/** The others have this long to come. */
const patienceMs = 5 * 60_000;
/** Failed parts whose receipt nobody fetched. */
const keepFailedMs = 4 * 86_400_000;

type KnownPart = WaitingPart & { messageId: string };

/**
 * Durable when it returns. The same part again is kept once; another text under the same number begins a new message,
 * and the old one ends as incomplete. When the last part is refused, the parts that were acknowledged before it get a
 * receipt that says so.
 * @throws forbidden for anybody but a bind
 */
export async function parkParts(ctx: Context, input: ParkParts): Promise<Parked> {
  allow(ctx, "messages.send");
  if (ctx.actor.type !== "bind") throw forbidden("messages.send");
  const accountId = ctx.actor.id;
  await operatorDirectory(ctx);
  return retryOnCollision((attempt) =>
    asSystem(ctx, async (ctx) => {
      await ctx.tx.sql`select pg_advisory_xact_lock(hashtextextended(${`${accountId} ${input.groupKey}`}, 0))`;
      let known = await loadWaiting(ctx, accountId, input.groupKey);
      if (known.some((part) => isContradicted(part, input.parts))) {
        await failMessages(ctx, [known[0]?.messageId ?? ""], "expired", "parts_missing");
        known = [];
      }
      const messageId = known[0]?.messageId ?? input.messageId;
      const fresh = input.parts.filter((part) => !known.some((other) => other.number === part.number));
      const all = [...known, ...fresh].sort((a, b) => a.number - b.number);
      if (all.length < input.total) {
        await insertParts(ctx, accountId, messageId, input, fresh);
        return { messageId, outcome: null };
      }
      const items = [input.compose(messageId, all)];
      const [outcome = null] = await submitInTransaction(ctx, { batchId: newId(), source: "smpp", items }, attempt);
      if (outcome?.error) await failMessages(ctx, [messageId], "rejected", outcome.error.code);
      else await ctx.tx.sql`delete from smpp_parts where message_id = ${messageId}`;
      return { messageId, outcome };
    }),
  );
}

/** Run by a job: ends what waited too long, and forgets what ended long ago. @returns how many messages ended */
export async function expireParts(ctx: Context, { limit = 500 }: { limit?: number } = {}): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("smpp.expire");
  return asSystem(ctx, async (ctx) => {
    const nowMs = ctx.clock.now().getTime();
    const rows = await ctx.tx.sql<{ messageId: string }[]>`
      select message_id as "messageId" from smpp_parts
      where received_at < ${new Date(nowMs - patienceMs)} and failed_at is null
      order by received_at limit ${limit} for update skip locked`;
    const ids = [...new Set(rows.map((row) => row.messageId))];
    await failMessages(ctx, ids, "expired", "parts_missing");
    await ctx.tx.sql`delete from smpp_parts where received_at < ${new Date(nowMs - keepFailedMs)}`;
    return ids.length;
  });
}

const isContradicted = (known: KnownPart, parts: readonly WaitingPart[]): boolean =>
  parts.some((part) => part.number === known.number && !part.bytes.equals(known.bytes));

async function loadWaiting(ctx: InTx, accountId: string, groupKey: string): Promise<KnownPart[]> {
  return ctx.tx.sql<KnownPart[]>`
    select message_id as "messageId", part_number::int as number, bytes, receipt::int as receipt from smpp_parts
    where account_id = ${accountId} and group_key = ${groupKey} and failed_at is null
    order by part_number for update`;
}

async function insertParts(
  ctx: InTx,
  accountId: string,
  messageId: string,
  { groupKey, total, sender, msisdn }: ParkParts,
  parts: readonly WaitingPart[],
): Promise<void> {
  if (parts.length === 0) return;
  await ctx.tx.sql`
    insert into smpp_parts (account_id, group_key, message_id, part_number, tenant_id, total, bytes, receipt, sender,
      msisdn, received_at)
    select ${accountId}, ${groupKey}, ${messageId}, number, ${ctx.tenantId}, ${total}::smallint, decode(hex, 'hex'),
      receipt, ${sender}, ${msisdn}, ${ctx.clock.now()}
    from unnest(${smallintArray(parts.map((p) => p.number))}::smallint[], ${textArray(parts.map((p) => p.bytes.toString("hex")))}::text[],
      ${smallintArray(parts.map((p) => p.receipt))}::smallint[]) as p (number, hex, receipt)`;
}

/** Their parts were acknowledged, so whoever asked for a receipt gets one. */
async function failMessages(ctx: InTx, ids: readonly string[], status: "expired" | "rejected", code: string) {
  if (ids.length === 0) return;
  const now = ctx.clock.now();
  const rows = await ctx.tx.sql<{ messageId: string; accountId: string; tenantId: string; wanted: boolean }[]>`
    with failed as (
      update smpp_parts set failed_at = ${now} where message_id = any(${uuidArray([...ids])}::uuid[]) and failed_at is null
      returning message_id, account_id, tenant_id, receipt)
    select message_id as "messageId", account_id as "accountId", tenant_id as "tenantId", bool_or(receipt > 0) as wanted
    from failed group by 1, 2, 3`;
  const told = rows.filter((row) => row.wanted);
  await ctx.tx.sql`
    insert into outgoing_receipts (id, tenant_id, channel, receiver_id, message_id, status, error_code, at, ready_at)
    select id, tenant_id, 'smpp', receiver_id, message_id, ${status}, ${code}, ${now}::timestamptz, ${now}::timestamptz
    from unnest(${uuidArray(told.map(() => newId()))}::uuid[], ${uuidArray(told.map((r) => r.tenantId))}::uuid[],
      ${uuidArray(told.map((r) => r.accountId))}::uuid[], ${uuidArray(told.map((r) => r.messageId))}::uuid[])
      as r (id, tenant_id, receiver_id, message_id)`;
  const quiet = rows.filter((row) => !row.wanted).map((row) => row.messageId);
  await ctx.tx.sql`delete from smpp_parts where message_id = any(${uuidArray(quiet)}::uuid[])`;
  const receivers = [...new Set(told.map((row) => row.accountId))];
  await ctx.tx
    .sql`select pg_notify(${outgoingReceiptsChannel}, id) from unnest(${textArray(receivers)}::text[]) as r (id)`;
}
