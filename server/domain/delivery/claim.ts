/** Takes messages out of the queue for one connector: one-time codes first, then what is reserved, then in turn by weight. */
import { uuidArray } from "#db/arrays.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { leaseShares, readByIndex, waitingShares } from "#server/domain/delivery/lease-shares.ts";
import type { ClaimedMessage } from "#server/domain/delivery/work.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { ContractBook } from "#server/domain/throughput/book.ts";
import type { LaneShare } from "#server/domain/throughput/round.ts";
import { Shares } from "#server/domain/throughput/shares.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type Claim = {
  connectorId: string;
  /** The worker that holds the connector's lease; without the lease nothing is given out. */
  owner: string;
  /** At most as many as the windows have room for. */
  limit: number;
  /** Whose turn it is at this connector, and the contracts; without them all are equal and nothing is remembered. */
  shares?: Shares;
};

const mostRounds = 4;

/**
 * What it returns is leased to the owner, and counts as on the wire from now on; it must come back through
 * recordResponses. Messages past their validity are left to expireQueued, messages that ended meanwhile drop out.
 */
export async function claim(ctx: Context, input: Claim): Promise<ClaimedMessage[]> {
  allowWorker(ctx);
  if (input.limit <= 0) return [];
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const now = ctx.clock.now();
      const ids = await lease(ctx, input, input.shares ?? new Shares(new ContractBook()), now);
      if (ids.length === 0) return [];
      const messages = await load(ctx, ids, now);
      if (messages.length < ids.length) await dropEnded(ctx, ids, messages);
      return messages;
    }),
  );
}

async function dropEnded(ctx: InTx, leased: string[], open: ClaimedMessage[]): Promise<void> {
  const kept = new Set(open.map((message) => message.id));
  const ended = leased.filter((id) => !kept.has(id));
  await ctx.tx.sql`delete from send_queue where message_id = any(${uuidArray(ended)}::uuid[])`;
}

/**
 * Plans who gets how much, takes it, and plans again what is left: for tenants that had less than was thought. Mostly one
 * round; at the end either the limit is reached or nobody has anything that may go.
 */
async function lease(ctx: InTx, input: Claim, shares: Shares, now: Date): Promise<string[]> {
  const [, found] = await Promise.all([readByIndex(ctx), waitingShares(ctx, input, now)]);
  const ids: string[] = [];
  let waiting = found;
  for (let round = 0; round < mostRounds && waiting.length > 0 && ids.length < input.limit; round += 1) {
    const planned = shares.plan(input.limit - ids.length, waiting, now.getTime());
    if (planned.length === 0) break;
    const rows = await leaseShares(ctx, input, planned, now);
    const taken = new Map<string, number>();
    for (const row of rows) {
      taken.set(keyOf(row), row.count);
      ids.push(...row.ids.split(","));
    }
    const takenOf = (share: LaneShare) => taken.get(keyOf(share)) ?? 0;
    shares.settle(
      planned.map((share) => ({ ...share, count: takenOf(share) })),
      now.getTime(),
    );
    const dry = new Set(planned.filter((share) => takenOf(share) < share.count).map(keyOf));
    waiting = waiting
      .filter((share) => !dry.has(keyOf(share)))
      .map((share) => ({ ...share, count: share.count - takenOf(share) }))
      .filter((share) => share.count > 0);
  }
  return ids;
}

const keyOf = ({ lane, tenantId }: Pick<LaneShare, "lane" | "tenantId">) => `${lane}${tenantId}`;

type Loaded = Omit<ClaimedMessage, "partsDone" | "leasedAt" | "validUntil"> & { validUntilMs: number };

async function load(ctx: InTx, messageIds: string[], leasedAt: Date): Promise<ClaimedMessage[]> {
  const ids = messageIds.sort();
  const rows = await ctx.tx.sql<Loaded[]>`
    select m.id, m.tenant_id as "tenantId", m.sender, m.msisdn, m.text, m.encoding, m.parts, m.traffic_class as "trafficClass",
      date_part('epoch', m.valid_until) * 1000 as "validUntilMs"
    from messages m
    where m.id = any(${uuidArray(ids)}::uuid[]) and m.status in ('queued', 'sending', 'unknown') and m.id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
    order by case m.traffic_class when 'otp' then 0 when 'transactional' then 1 else 2 end, m.id`;
  const long = rows.filter((row) => row.parts > 1).map((row) => row.id);
  const refs = long.length
    ? await ctx.tx.sql<{ messageId: string; partNumber: number }[]>`
        select message_id as "messageId", part_number as "partNumber" from carrier_refs
        where message_id = any(${uuidArray(long)}::uuid[]) and message_id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid`
    : [];
  const done = new Map<string, number[]>();
  for (const ref of refs) done.set(ref.messageId, [...(done.get(ref.messageId) ?? []), ref.partNumber]);
  return rows.map(({ id, tenantId, sender, msisdn, text, encoding, parts, trafficClass, validUntilMs }) => ({
    id,
    tenantId,
    sender,
    msisdn,
    text,
    encoding,
    parts,
    trafficClass,
    partsDone: done.get(id) ?? [],
    validUntil: new Date(Math.round(validUntilMs)),
    leasedAt,
  }));
}
