/** Who is bound where: the limit of an account over all servers, and what a dead server held. */
import { allowServer, type OpenBind } from "#server/domain/smpp-accounts/work.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type Server = { owner: string };

/** Takes one of the account's binds; its row is locked, so that two servers count together. @returns false at the limit */
export async function openBind(ctx: Context, { owner, bind }: Server & { bind: OpenBind }): Promise<boolean> {
  allowServer(ctx);
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.sql<{ maxBinds: number }[]>`
      select max_binds as "maxBinds" from smpp_accounts where id = ${bind.accountId} for no key update`;
    const [counted] = await ctx.tx.sql<{ n: number }[]>`
      select count(*)::int as n from smpp_binds b join smpp_servers s on s.owner = b.owner and s.expires_at > now()
      where b.account_id = ${bind.accountId}`;
    if (!rows[0] || (counted?.n ?? 0) >= rows[0].maxBinds) return false;
    await insert(ctx, owner, [bind]);
    return true;
  });
}

export async function closeBinds(ctx: Context, { ids }: { ids: readonly string[] }): Promise<void> {
  allowServer(ctx);
  if (ids.length > 0) await ctx.db.sql`delete from smpp_binds where id = any(${[...ids]}::uuid[])`;
}

/**
 * Says that this server lives. What servers held that said so too long ago is freed.
 * @returns false when others had given this server up meanwhile: its binds are entered again, its leases are gone
 */
export async function heartbeat(
  ctx: Context,
  { owner, ttlMs, binds }: Server & { ttlMs: number; binds: () => readonly OpenBind[] },
): Promise<boolean> {
  allowServer(ctx);
  return asSystem(ctx, async (ctx) => {
    await ctx.tx.sql`delete from smpp_servers where expires_at <= now() and owner <> ${owner}`;
    const until = ctx.tx.sql`now() + make_interval(secs => ${ttlMs / 1_000}::float8)`;
    const known = await ctx.tx
      .sql`update smpp_servers set expires_at = ${until} where owner = ${owner} returning owner`;
    if (known.length === 0) {
      await ctx.tx.sql`insert into smpp_servers (owner, expires_at) values (${owner}, ${until})`;
      await insert(ctx, owner, binds());
    }
    await ctx.tx.sql`delete from smpp_binds where owner not in (select owner from smpp_servers)`;
    await ctx.tx.sql`delete from smpp_receivers where owner not in (select owner from smpp_servers)`;
    return known.length > 0;
  });
}

/** The end of a server that closes by itself. */
export async function leave(ctx: Context, { owner }: Server): Promise<void> {
  allowServer(ctx);
  await asSystem(ctx, async ({ tx }) => {
    await tx.sql`delete from smpp_binds where owner = ${owner}`;
    await tx.sql`delete from smpp_receivers where owner = ${owner}`;
    await tx.sql`delete from smpp_servers where owner = ${owner}`;
  });
}

/** Takes the right to tell these accounts of their receipts, where no living server has it. @returns those it has */
export async function leaseReceivers(
  ctx: Context,
  { owner, accountIds }: Server & { accountIds: readonly string[] },
): Promise<string[]> {
  allowServer(ctx);
  const rows = await ctx.db.sql<{ id: string }[]>`
    insert into smpp_receivers as r (account_id, tenant_id, owner)
    select a.id, a.tenant_id, ${owner} from smpp_accounts a
    where a.id = any(${[...accountIds]}::uuid[]) and exists (
      select from smpp_servers s where s.owner = ${owner} and s.expires_at > now())
    order by a.id
    on conflict (account_id) do update set owner = excluded.owner
      where r.owner = excluded.owner or not exists (
        select from smpp_servers s where s.owner = r.owner and s.expires_at > now())
    returning account_id as id`;
  return rows.map((row) => row.id);
}

/** Lets another server in at once. */
export async function releaseReceivers(
  ctx: Context,
  { owner, accountIds }: Server & { accountIds: readonly string[] },
): Promise<void> {
  allowServer(ctx);
  await ctx.db.sql`delete from smpp_receivers where owner = ${owner} and account_id = any(${[...accountIds]}::uuid[])`;
}

async function insert(ctx: InTx, owner: string, binds: readonly OpenBind[]): Promise<void> {
  if (binds.length === 0) return;
  await ctx.tx.sql`
    insert into smpp_binds (id, account_id, tenant_id, owner, mode, ip, tls, version, since)
    select id, account_id, tenant_id, ${owner}, mode, ip, tls::boolean, version, since
    from unnest(${binds.map((b) => b.id)}::uuid[], ${binds.map((b) => b.accountId)}::uuid[],
      ${binds.map((b) => b.tenantId)}::uuid[], ${binds.map((b) => b.mode)}::text[], ${binds.map((b) => b.ip)}::text[],
      ${binds.map((b) => String(b.tls))}::text[], ${binds.map((b) => b.version)}::smallint[],
      ${binds.map((b) => b.since.toISOString())}::timestamptz[])
      as b (id, account_id, tenant_id, mode, ip, tls, version, since)
    on conflict do nothing`;
}
