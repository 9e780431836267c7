/** An order's statement: per day what was funded, held, posted and given back, and the balance that runs on. */
import { type StatementInput, statement as schema } from "#server/domain/ledger/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Amounts of one day, in micro-units of the order's currency or in parts. */
export type StatementFigures = {
  funded: bigint;
  /** Reserved by messages accepted on that day. */
  held: bigint;
  /** Became final. */
  posted: bigint;
  /** Given back: the message failed or expired. */
  givenBack: bigint;
  /** On the available account at the end of the day; a postpaid order's runs below zero. */
  balance: bigint;
};
export type StatementDay = { day: string; money: StatementFigures; parts: StatementFigures };
export type Statement = {
  orderId: string;
  number: string;
  currency: string;
  timeZone: string;
  /** The latest day first. */
  items: StatementDay[];
  nextCursor: string | null;
};

type Row = { day: string } & Record<`${keyof StatementFigures}${"Money" | "Parts"}`, bigint>;
type Head = { id: string; number: string; currency: string; timeZone: string };

/**
 * For either side of the order and those above them. The running balance is of the whole order, whatever days are asked for.
 * @throws not_found `order_not_found`
 */
export async function statement(ctx: Context, input: StatementInput): Promise<Statement> {
  allow(ctx, "ledger.read");
  const { orderId, limit, cursor = null, from = null, to = null } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const head = await loadHead(ctx, orderId);
    const rows = await ctx.tx.sql<Row[]>`
      with moves as (
        select (e.created_at at time zone ${head.timeZone})::date as day, a.unit = 'PARTS' as in_parts, t.code, e.amount
        from ledger_entries e
        join ledger_accounts a on a.id = e.account_id and a.kind = 'available'
        join ledger_transfers t on t.id = e.transfer_id
        where e.order_id = ${orderId}
        union all
        select (t.created_at at time zone ${head.timeZone})::date, a.unit = 'PARTS', 'post', -t.amount
        from ledger_transfers t join ledger_accounts a on a.id = t.debit_account_id
        where t.order_id = ${orderId} and t.code = 'post'
      ),
      days as (
        select day,
          ${sums(ctx, false)},
          ${sums(ctx, true)}
        from moves group by day
      ),
      running as (
        select day, funded_money, held_money, posted_money, back_money, funded_parts, held_parts, posted_parts, back_parts,
          (sum(net_money) over w)::bigint as balance_money, (sum(net_parts) over w)::bigint as balance_parts
        from days window w as (order by day)
      )
      select to_char(day, 'YYYY-MM-DD') as day, funded_money as "fundedMoney", held_money as "heldMoney",
        posted_money as "postedMoney", back_money as "givenBackMoney", balance_money as "balanceMoney",
        funded_parts as "fundedParts", held_parts as "heldParts", posted_parts as "postedParts",
        back_parts as "givenBackParts", balance_parts as "balanceParts"
      from running
      where (${from}::date is null or day >= ${from}::date) and (${to}::date is null or day <= ${to}::date)
        and (${cursor}::date is null or day < ${cursor}::date)
      order by day desc limit ${limit + 1}`;
    const items = rows.slice(0, limit).map(toDay);
    const nextCursor = rows.length > limit ? (items.at(-1)?.day ?? null) : null;
    return { ...head, orderId, items, nextCursor };
  });
}

/** Days are those of the reader's own zone. */
async function loadHead(ctx: InTx, orderId: string): Promise<Omit<Head, "id">> {
  const [row] = await ctx.tx.sql<Head[]>`
    select o.number, o.currency, me.time_zone as "timeZone"
    from orders o join tenants b on b.id = o.buyer_id join tenants me on me.id = ${ctx.tenantId}
    where o.id = ${orderId} and b.ancestors @> array[${ctx.tenantId}::uuid] and o.signed_at is not null`;
  if (!row) throw notFound("order");
  return row;
}

const sums = (ctx: InTx, inParts: boolean) => {
  const { sql } = ctx.tx;
  const suffix = inParts ? "parts" : "money";
  const side = inParts ? sql`in_parts` : sql`not in_parts`;
  return sql`
    coalesce(sum(amount) filter (where code = 'fund' and ${side}), 0)::bigint as ${sql(`funded_${suffix}`)},
    coalesce(-sum(amount) filter (where code = 'hold' and ${side}), 0)::bigint as ${sql(`held_${suffix}`)},
    coalesce(-sum(amount) filter (where code = 'post' and ${side}), 0)::bigint as ${sql(`posted_${suffix}`)},
    coalesce(sum(amount) filter (where code = 'void' and ${side}), 0)::bigint as ${sql(`back_${suffix}`)},
    coalesce(sum(amount) filter (where code <> 'post' and ${side}), 0) as ${sql(`net_${suffix}`)}`;
};

const toDay = (r: Row): StatementDay => ({
  day: r.day,
  money: {
    funded: r.fundedMoney,
    held: r.heldMoney,
    posted: r.postedMoney,
    givenBack: r.givenBackMoney,
    balance: r.balanceMoney,
  },
  parts: {
    funded: r.fundedParts,
    held: r.heldParts,
    posted: r.postedParts,
    givenBack: r.givenBackParts,
    balance: r.balanceParts,
  },
});
