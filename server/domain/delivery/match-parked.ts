/** Looks again at parked receipts: their answer may have come, or they tell the fate of a message whose answer was lost. */
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { applyByReference, type ParkedReceipt, resolve } from "#server/domain/delivery/apply-parked.ts";
import { sameAccount } from "#server/domain/delivery/carrier-account.ts";
import { partOfReference } from "#server/domain/delivery/message-reference.ts";
import { lookGrowth, maxLooks } from "#server/domain/delivery/parked-pace.ts";
import { unknownOwner, wholeMessage } from "#server/domain/delivery/work.ts";
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type MatchParked = { connectorId: string; limit?: number };

/** An answer under way explains most early receipts; guessing starts after it had its chance. */
const guessAfterMs = 3_000;
/** Messages older than this have ended. */
const lookBackDays = 5;

type Candidate = {
  id: string;
  msisdn: string;
  sender: string;
  parts: number;
  /** The connector sends all parts in one PDU. */
  isWhole: boolean;
  status: MessageStatus;
  /** A worker has it in hand: its answer is still to come. */
  isOnWire: boolean;
};

/**
 * A receipt belongs to this connector, or to another one of the same account at the carrier.
 * @returns how many found their message
 */
export async function matchParked(ctx: Context, { connectorId, limit = 500 }: MatchParked): Promise<number> {
  allowWorker(ctx);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const parked = await ctx.tx.sql<ParkedReceipt[]>`
        select id, carrier_id as "carrierId", msisdn, sender, outcome, error_code as "errorCode",
          user_message_reference as "userMessageReference", detail, received_at as "receivedAt"
        from parked_receipts
        where resolved_at is null and connector_id = ${connectorId} and attempts < ${maxLooks}
          and received_at + make_interval(secs => power(${lookGrowth}::float8, attempts)) <= ${ctx.clock.now()}
        order by received_at limit ${limit} for update skip locked`;
      if (parked.length === 0) return 0;
      const others = await sameAccount(ctx, connectorId);
      const open = await applyByReference(ctx, connectorId, parked);
      const left = await resolveUnknown(ctx, { connectorId, others }, open);
      if (left.length > 0) {
        await ctx.tx.sql`
          update parked_receipts set attempts = attempts + 1 where id = any(${left.map((r) => r.id)}::uuid[])`;
      }
      return parked.length - left.length;
    }),
  );
}

/** @param others those that share its account at the carrier */
type Account = { connectorId: string; others: readonly string[] };
type Address = { msisdn: string; sender: string };

/** A receipt of an unknown message is certain when only one message can be meant and only one receipt can mean it. */
async function resolveUnknown(ctx: InTx, account: Account, parked: ParkedReceipt[]): Promise<ParkedReceipt[]> {
  const ripe = parked.filter((r) => ctx.clock.now().getTime() - r.receivedAt.getTime() >= guessAfterMs);
  const msisdns = [...new Set(ripe.map((r) => r.msisdn))];
  const candidates = await loadCandidates(ctx, account, msisdns);
  const rivals = candidates.length > 0 ? await loadRivals(ctx, account, msisdns) : [];
  const found = ripe.flatMap((receipt) => {
    const match = byMessageReference(receipt, candidates) ?? byNumber(receipt, [...ripe, ...rivals], candidates);
    return match ? [{ receipt, reference: { ...match, carrierId: receipt.carrierId } }] : [];
  });
  if (found.length > 0) {
    await ctx.tx.sql`
      insert into carrier_refs (message_id, carrier_id, connector_id, tenant_id, part_number, created_at)
      select m.id, r.carrier_id, m.connector_id, m.tenant_id, r.part_number, ${ctx.clock.now()}
      from unnest(${found.map((f) => f.reference.messageId)}::uuid[], ${found.map((f) => f.receipt.carrierId)}::text[],
        ${found.map((f) => f.reference.partNumber)}::smallint[]) as r (message_id, carrier_id, part_number)
      join messages m on m.id = r.message_id on conflict do nothing`;
    await resolve(ctx, found, "resolved");
  }
  const resolved = new Set(found.map((f) => f.receipt.id));
  return parked.filter((receipt) => !resolved.has(receipt.id));
}

/** Messages to these numbers whose carrier ids we may not know: unknown, on the wire, or waiting to be sent again. */
async function loadCandidates(ctx: InTx, account: Account, msisdns: string[]): Promise<Candidate[]> {
  if (msisdns.length === 0) return [];
  return ctx.tx.sql<Candidate[]>`
    select m.id, m.msisdn, m.sender, m.parts, m.status,
      q.lease_owner is not null and q.lease_owner <> ${unknownOwner} as "isOnWire",
      m.parts > 1 and c.concatenation = 'payload' as "isWhole"
    from messages m join send_queue q on q.message_id = m.id join connectors c on c.id = m.connector_id
    where m.msisdn = any(${msisdns}::text[]) and m.connector_id = any(${[account.connectorId, ...account.others]}::uuid[])
      and m.id >= banyan_uuid7_floor(${ctx.clock.now()}::timestamptz - make_interval(days => ${lookBackDays}))
      and (m.status = 'unknown' or q.lease_owner is not null or m.possible_duplicate)`;
}

/** Receipts that are parked at the other connectors of the account: each may mean the same message. */
async function loadRivals(ctx: InTx, { others }: Account, msisdns: string[]): Promise<Address[]> {
  if (others.length === 0) return [];
  return ctx.tx.sql<Address[]>`
    select msisdn, sender from parked_receipts
    where resolved_at is null and connector_id = any(${[...others]}::uuid[]) and attempts < ${maxLooks}
      and msisdn = any(${msisdns}::text[])`;
}

type Match = { messageId: string; partNumber: number; parts: number; status: MessageStatus };

function byMessageReference(receipt: ParkedReceipt, candidates: Candidate[]): Match | null {
  const reference = receipt.userMessageReference;
  if (reference === null) return null;
  const matches = candidates.flatMap((c) => {
    const found = c.msisdn === receipt.msisdn ? partOfReference(c.id, c.isWhole ? 1 : c.parts, reference) : null;
    const partNumber = found !== null && c.isWhole ? wholeMessage : found;
    return partNumber !== null ? [{ candidate: c, partNumber }] : [];
  });
  const [only] = matches;
  // One on the wire will have its answer, or become unknown: then this receipt is looked at again.
  return only && matches.length === 1 && !only.candidate.isOnWire ? matchOf(only.candidate, only.partNumber) : null;
}

function byNumber(receipt: ParkedReceipt, parked: readonly Address[], candidates: Candidate[]): Match | null {
  if (receipt.userMessageReference !== null) return null;
  const isSame = (other: Address) =>
    other.msisdn === receipt.msisdn && other.sender.toLowerCase() === receipt.sender.toLowerCase();
  const messages = candidates.filter(isSame);
  const [only] = messages;
  const isUnique = messages.length === 1 && parked.filter(isSame).length === 1;
  if (!only || !isUnique || only.status !== "unknown") return null;
  if (only.isWhole) return matchOf(only, wholeMessage);
  return only.parts === 1 ? matchOf(only, 1) : null;
}

const matchOf = ({ id, parts, status }: Candidate, partNumber: number): Match => ({
  messageId: id,
  partNumber,
  parts,
  status,
});
