/** How processes divide contracts: each says once a second what passes through it, and learns its part of every contract. */
import { doubleArray, uuidArray } from "#db/arrays.ts";
import type { ContractTerms } from "#server/domain/throughput/book.ts";
import { loadTerms } from "#server/domain/throughput/load-terms.ts";
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
  return asSystem(ctx, async (ctx) => {
    const { sql } = ctx.tx;
    const now = ctx.clock.now();
    const until = new Date(now.getTime() + liveMs);
    const rows = [...new Map([...uses, [nilId, 0]])].sort(([a], [b]) => (a < b ? -1 : 1));
    const ids = uuidArray(rows.map(([tenantId]) => tenantId));
    await sql`
      insert into contract_uses as u (owner, side, tenant_id, per_second, expires_at)
      select ${owner}, ${side}, r.tenant_id, r.per_second, ${until}
      from unnest(${ids}::uuid[], ${doubleArray(rows.map(([, perSecond]) => perSecond))}::real[])
        as r (tenant_id, per_second)
      on conflict (owner, side, tenant_id) do update
        set per_second = excluded.per_second, expires_at = excluded.expires_at`;
    await sql`
      delete from contract_uses where (owner, side, tenant_id) in (
        select owner, side, tenant_id from contract_uses
        where expires_at < ${now} or (owner = ${owner} and side = ${side} and tenant_id <> all (${ids}::uuid[]))
        for update skip locked)`;
    const parts = await sql<{ tenantId: string; part: number }[]>`
      select tenant_id as "tenantId",
        (sum(per_second) filter (where owner = ${owner}) / nullif(sum(per_second), 0))::float8 as part
      from contract_uses where side = ${side} and expires_at >= ${now} and tenant_id <> ${nilId}
      group by 1 having sum(per_second) filter (where owner = ${owner}) > 0`;
    const [processes] = await sql<{ n: number }[]>`
      select count(*)::int as n from contract_uses
      where side = ${side} and expires_at >= ${now} and tenant_id = ${nilId}`;
    const partOf = new Map(parts.map(({ tenantId, part }) => [tenantId, part]));
    const terms = await loadTerms(ctx);
    return terms.map((term) => ({ ...term, part: partOf.get(term.tenantId) ?? 1 / Math.max(1, processes?.n ?? 1) }));
  });
}

/** The process ends: its part is free at once. */
export async function endExchange(ctx: Context, { owner }: { owner: string }): Promise<void> {
  if (ctx.actor.type !== "job") throw forbidden("throughput.exchange");
  await asSystem(ctx, ({ tx: { sql } }) => sql`delete from contract_uses where owner = ${owner}`);
}
