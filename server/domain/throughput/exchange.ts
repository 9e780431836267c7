/** How processes divide contracts: each says once a second what passes through it, and learns its part of every contract. */
import { plainArray } from "#db/arrays.ts";
import type { ContractTerms } from "#server/domain/throughput/book.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { nilId } from "#server/kernel/id.ts";

export type Exchange = {
  /** The process. */
  owner: string;
  /** What clients hand in and what carriers are handed are bounded each by itself. */
  side: "in" | "out";
  /** Messages per second of each contract that something passed under. */
  uses: ReadonlyMap<string, number>;
};

/** Much longer than the second between two calls. */
const liveMs = 5_000;

/**
 * A contract is divided by use: who has all the traffic has all of it, and the parts of all processes are one. Who has
 * none of it yet counts with an equal part, so that a client that changes over is not refused for the second until
 * the next call. @throws forbidden for anybody but a worker
 */
export async function exchange(ctx: Context, { owner, side, uses }: Exchange): Promise<ContractTerms[]> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.exchange");
  return asSystem(ctx, async ({ tx: { sql }, clock }) => {
    const now = clock.now();
    const until = new Date(now.getTime() + liveMs);
    const rows = [...new Map([...uses, [nilId, 0]])].sort(([a], [b]) => (a < b ? -1 : 1));
    const ids = plainArray(rows.map(([tenantId]) => tenantId));
    await sql`
      insert into contract_uses as u (owner, side, tenant_id, per_second, expires_at)
      select ${owner}, ${side}, r.tenant_id, r.per_second, ${until}
      from unnest(${ids}::uuid[], ${plainArray(rows.map(([, perSecond]) => perSecond))}::real[])
        as r (tenant_id, per_second)
      on conflict (owner, side, tenant_id) do update
        set per_second = excluded.per_second, expires_at = excluded.expires_at`;
    await sql`
      delete from contract_uses where (owner, side, tenant_id) in (
        select owner, side, tenant_id from contract_uses
        where expires_at < ${now} or (owner = ${owner} and side = ${side} and tenant_id <> all (${ids}::uuid[]))
        for update skip locked)`;
    return sql<ContractTerms[]>`
      with live as (
        select tenant_id, owner, per_second from contract_uses where side = ${side} and expires_at >= ${now}
      ), processes as (
        select greatest(1, count(*))::int as n from live where tenant_id = ${nilId}
      )
      select c.tenant_id as "tenantId", c.reserved_per_second as "reservedPerSecond",
        c.max_per_second as "maxPerSecond", c.weight,
        (case when sum(l.per_second) > 0 and sum(l.per_second) filter (where l.owner = ${owner}) > 0
          then sum(l.per_second) filter (where l.owner = ${owner}) / sum(l.per_second)
          else 1.0 / p.n end)::float8 as part
      from contracts c cross join processes p left join live l on l.tenant_id = c.tenant_id
      group by c.tenant_id, p.n`;
  });
}

/** The process ends: its part is free at once. */
export async function endExchange(ctx: Context, { owner }: { owner: string }): Promise<void> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.exchange");
  await asSystem(ctx, ({ tx: { sql } }) => sql`delete from contract_uses where owner = ${owner}`);
}
