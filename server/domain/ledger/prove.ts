/** Proves the ledger: it sums to zero, balances equal their entries, and the messages' money equals it at every hop. */
import { accountId, partsUnit } from "#server/domain/ledger/accounts.ts";
import { type ProveLedger, proveLedger as schema } from "#server/domain/ledger/input.ts";
import { type ChargeStage, hopState } from "#server/domain/ledger/stage.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Difference = {
  orderId: string;
  orderNumber: string;
  /** A currency, or PARTS. */
  unit: string;
  /** zero_sum: all entries of the order · balance: an account against its entries · messages: held or spent against the messages. */
  check: "zero_sum" | "balance" | "messages";
  account: string;
  expected: bigint;
  found: bigint;
};

export type Proof = {
  provedAt: Date;
  orders: number;
  accounts: number;
  entries: number;
  messages: number;
  /** Sum of all entries in scope: zero in each. */
  units: { unit: string; sum: bigint }[];
  differences: Difference[];
  isClean: boolean;
};

type AccountRow = {
  id: string;
  orderId: string;
  orderNumber: string;
  kind: string;
  unit: string;
  balance: bigint;
  entrySum: bigint;
  entries: number;
};
type TrafficRow = {
  orderId: string;
  currency: string;
  stage: ChargeStage;
  postOn: "accepted" | "delivered";
  parts: bigint;
  micros: bigint;
  messages: number;
};

/**
 * Covers every order that the actor's tenant, or anybody below it, sells or buys; everything is read from one snapshot,
 * so traffic that runs meanwhile makes no difference. Reads all messages of those orders: for a page on demand and a
 * nightly job, not for a dashboard.
 */
export async function prove(ctx: Context, input: ProveLedger = {}): Promise<Proof> {
  allow(ctx, "ledger.read");
  const { orderId = null } = parse(schema, input);
  return asSystem(ctx, async (ctx) => {
    await ctx.tx.sql`set transaction isolation level repeatable read, read only`;
    // Before the snapshot: a day that is being dropped is then either in all that follows or in nothing of it.
    await ctx.tx.sql`lock table only messages in access share mode`;
    const accounts = await accountRows(ctx, orderId);
    const traffic = await trafficRows(ctx, orderId);
    const differences = [...zeroSums(accounts), ...balanceErrors(accounts), ...messageErrors(accounts, traffic)];
    return {
      provedAt: ctx.clock.now(),
      orders: new Set(accounts.map((a) => a.orderId)).size,
      accounts: accounts.length,
      entries: accounts.reduce((sum, a) => sum + a.entries, 0),
      messages: await countMessages(ctx, orderId),
      units: [...sumBy(accounts, (a) => a.unit)].map(([unit, sum]) => ({ unit, sum })),
      differences,
      isClean: differences.length === 0,
    };
  });
}

/** The orders of the scope: every buyer is a child of its seller, so the buyer decides. */
const scoped = (ctx: InTx, orderId: string | null) => ctx.tx.sql`
  select o.id, o.number from orders o join tenants b on b.id = o.buyer_id
  where b.ancestors @> array[${ctx.tenantId}::uuid] and (${orderId}::uuid is null or o.id = ${orderId}::uuid)`;

async function accountRows(ctx: InTx, orderId: string | null): Promise<AccountRow[]> {
  return ctx.tx.sql<AccountRow[]>`
    with scope as (${scoped(ctx, orderId)}),
    sums as (
      select e.account_id, sum(e.amount)::bigint as total, count(*)::int as n
      from ledger_entries e where e.order_id in (select id from scope) group by 1
    )
    select a.id, a.order_id as "orderId", s.number as "orderNumber", a.kind, a.unit, a.balance,
      coalesce(x.total, 0)::bigint as "entrySum", coalesce(x.n, 0) as entries
    from scope s join ledger_accounts a on a.order_id = s.id left join sums x on x.account_id = a.id`;
}

/** Days whose messages are gone, as the catalog had it at the snapshot: their sums stand in their place. */
const goneTotals = (ctx: InTx) => ctx.tx.sql`
  select t.rate_id, t.charge_stage, t.parts, t.messages from message_day_totals t
  where not exists (
    select from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'messages'::regclass and not i.inhdetachpending
      and c.relname = 'messages_' || to_char(t.day, 'YYYYMMDD'))`;

/** Messages first added up per rate and stage, then spread over the hops: rates are few, messages many. */
async function trafficRows(ctx: InTx, orderId: string | null): Promise<TrafficRow[]> {
  return ctx.tx.sql<TrafficRow[]>`
    with hops as (select h.* from rate_hops h where h.order_id in (select id from (${scoped(ctx, orderId)}) s)),
    parted as (
      select m.rate_id, m.charge_stage, sum(m.parts) as parts, count(*) as messages
      from messages m where m.rate_id in (select rate_id from hops) group by 1, 2
      union all select * from (${goneTotals(ctx)}) g where g.rate_id in (select rate_id from hops)
    ),
    sent as (
      select rate_id, charge_stage as stage, sum(parts)::bigint as parts, sum(messages)::int as n from parted group by 1, 2
    )
    select h.order_id as "orderId", h.currency, sent.stage, h.post_on as "postOn", sum(sent.parts)::bigint as parts,
      sum(sent.parts * h.unit_price_micros)::bigint as micros, sum(sent.n)::int as messages
    from sent join hops h on h.rate_id = sent.rate_id group by 1, 2, 3, 4`;
}

async function countMessages(ctx: InTx, orderId: string | null): Promise<number> {
  const [row] = await ctx.tx.sql<{ n: number }[]>`
    with rates as (select h.rate_id from rate_hops h where h.order_id in (select id from (${scoped(ctx, orderId)}) s))
    select ((select count(*) from messages m where m.rate_id in (select rate_id from rates))
      + (select coalesce(sum(g.messages), 0) from (${goneTotals(ctx)}) g where g.rate_id in (select rate_id from rates)))::int as n`;
  return row?.n ?? 0;
}

function zeroSums(accounts: AccountRow[]): Difference[] {
  const byOrder = new Map<string, AccountRow[]>();
  for (const a of accounts)
    byOrder.set(`${a.orderId}|${a.unit}`, [...(byOrder.get(`${a.orderId}|${a.unit}`) ?? []), a]);
  return [...byOrder.values()].flatMap((rows) => {
    const found = rows.reduce((sum, a) => sum + a.entrySum, 0n);
    return found === 0n || !rows[0] ? [] : [difference(rows[0], "zero_sum", 0n, found, "all")];
  });
}

const balanceErrors = (accounts: AccountRow[]): Difference[] =>
  accounts.filter((a) => a.balance !== a.entrySum).map((a) => difference(a, "balance", a.entrySum, a.balance));

/** What the messages say must be held and spent, at every hop, in money and in parts. */
function messageErrors(accounts: AccountRow[], traffic: TrafficRow[]): Difference[] {
  const expected = new Map<string, bigint>();
  const add = (id: string, amount: bigint) => expected.set(id, (expected.get(id) ?? 0n) + amount);
  for (const row of traffic) {
    const state = hopState(row.stage, row.postOn);
    if (state === "voided") continue;
    const kind = state === "held" ? "held" : "spent";
    add(accountId(row.orderId, kind, row.currency), row.micros);
    add(accountId(row.orderId, kind, partsUnit), row.parts);
  }
  return accounts
    .filter((a) => a.kind === "held" || a.kind === "spent")
    .filter((a) => a.balance !== (expected.get(a.id) ?? 0n))
    .map((a) => difference(a, "messages", expected.get(a.id) ?? 0n, a.balance));
}

function difference(
  a: AccountRow,
  check: Difference["check"],
  expected: bigint,
  found: bigint,
  account = a.kind,
): Difference {
  return { orderId: a.orderId, orderNumber: a.orderNumber, unit: a.unit, check, account, expected, found };
}

function sumBy(accounts: AccountRow[], keyOf: (a: AccountRow) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const a of accounts) sums.set(keyOf(a), (sums.get(keyOf(a)) ?? 0n) + a.entrySum);
  return sums;
}
