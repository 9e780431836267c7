/** The only writers of the ledger: amounts move between accounts, two-sided, immutable, idempotent by the caller's id. */
import { bigintArray, textArray, uuidArray } from "#db/arrays.ts";
import type { Statement } from "#db/client.ts";
import type { InTx } from "#server/kernel/context.ts";
import { conflict, DomainError } from "#server/kernel/errors.ts";

export type Transfer = {
  /** Chosen by the caller: the same id with the same content again changes nothing. */
  id: string;
  orderId: string;
  /** Loses the amount. */
  debitAccountId: string;
  /** Gains the amount. */
  creditAccountId: string;
  /** Micro-units of the accounts' currency, or parts; more than zero. */
  amount: bigint;
  code: "fund" | "hold" | "post" | "void" | "close";
  /** The batch of messages, or the order, that caused it. */
  causeId: string;
};

type Account = { id: string; orderId: string; unit: string; balance: bigint; floor: bigint | null; version: bigint };
type Entry = { transfer: Transfer; accountId: string; amount: bigint; balanceAfter: bigint; version: bigint };

/**
 * All of them or none, in three statements whatever their number. Accounts are locked in the order of their ids, so
 * that two calls can wait for each other but never in a circle. Call it in a system transaction.
 * @throws conflict `transfer_mismatch` a known id with other content · insufficient_funds `balance_floor`
 */
export async function transfer(ctx: InTx, transfers: Transfer[]): Promise<void> {
  const wanted = onceEach(transfers);
  if (wanted.length === 0) return;
  const accountIds = [...new Set(wanted.flatMap((t) => [t.debitAccountId, t.creditAccountId]))];
  const [accounts, known] = await Promise.all([lockAccounts(ctx, accountIds), knownTransfers(ctx, wanted)]);
  const fresh = wanted.filter((t) => {
    const before = known.get(t.id);
    if (before && !isSame(before, t)) throw mismatch(t.id);
    return !before;
  });
  if (fresh.length > 0) await write(ctx, fresh, apply(fresh, accounts), accounts);
}

/**
 * The same for transfers whose ids cannot be known yet: one statement, which may be sent without waiting for what was
 * sent before it. Accounts are locked in the order of their ids and no longer than from here to the commit.
 * @throws insufficient_funds `balance_floor`; a known id fails the transaction
 */
export async function transferNew(ctx: InTx, transfers: readonly Transfer[]): Promise<void> {
  if (transfers.length === 0) return;
  try {
    await posting(ctx, transfers);
  } catch (error) {
    throw isFloor(error) ? tooLittle() : error;
  }
}

/**
 * The same with the COMMIT: everybody who buys from one seller waits for the same accounts, and waits least like this.
 * What breaks a floor fails the transaction as a collision does: see retryOnCollision.
 */
export function transferAtCommit(ctx: InTx, transfers: readonly Transfer[]): void {
  if (transfers.length > 0) ctx.tx.lastAtCommit(posting(ctx, transfers));
}

/**
 * The floor, and that both accounts are the order's, are the tables' own checks. What the locked rows say is newer than the
 * statement's snapshot may be. The entries of an account follow each other in the order given.
 */
function posting(ctx: InTx, transfers: readonly Transfer[]): Statement {
  const ids = (pick: (t: Transfer) => string) => uuidArray(transfers.map(pick));
  const accountIds = [...new Set(transfers.flatMap((t) => [t.debitAccountId, t.creditAccountId]))].sort();
  return ctx.tx.sql`
    with t as materialized (
      select * from unnest(${ids((t) => t.id)}::uuid[], ${ids((t) => t.orderId)}::uuid[],
        ${ids((t) => t.debitAccountId)}::uuid[], ${ids((t) => t.creditAccountId)}::uuid[],
        ${bigintArray(transfers.map((t) => t.amount))}::bigint[], ${textArray(transfers.map((t) => t.code))}::text[], ${ids((t) => t.causeId)}::uuid[])
        with ordinality as t (id, order_id, debit_id, credit_id, amount, code, cause_id, place)
    ), locked as materialized (
      select id, balance, version from ledger_accounts
      where id = any(${uuidArray(accountIds)}::uuid[]) order by id for no key update
    ), sides as materialized (
      select s.transfer_id, s.account_id, s.order_id, s.amount,
        l.balance + sum(s.amount) over w as balance_after, l.version + row_number() over w as version
      from (select id as transfer_id, debit_id as account_id, order_id, -amount as amount, place from t
        union all select id, credit_id, order_id, amount, place from t) s
      join locked l on l.id = s.account_id
      window w as (partition by s.account_id order by s.place)
    ), new_transfers as (
      insert into ledger_transfers (id, order_id, debit_account_id, credit_account_id, amount, code, cause_id, created_at)
      select id, order_id, debit_id, credit_id, amount, code, cause_id, ${ctx.clock.now()}::timestamptz from t
    ), new_entries as (
      insert into ledger_entries (transfer_id, account_id, order_id, amount, balance_after, account_version, created_at)
      select transfer_id, account_id, order_id, amount, balance_after, version, ${ctx.clock.now()}::timestamptz from sides
    )
    update ledger_accounts a set balance = n.balance, version = n.version
    from (select distinct on (account_id) account_id, balance_after as balance, version
      from sides order by account_id, version desc) n
    where a.id = n.account_id`;
}

const isFloor = (error: unknown): boolean =>
  error instanceof Error && "constraint_name" in error && error.constraint_name === "ledger_accounts_floor";

function onceEach(transfers: Transfer[]): Transfer[] {
  const byId = new Map<string, Transfer>();
  for (const t of transfers) {
    const before = byId.get(t.id);
    if (before && !isSame(before, t)) throw mismatch(t.id);
    byId.set(t.id, t);
  }
  return [...byId.values()];
}

async function lockAccounts(ctx: InTx, ids: string[]): Promise<Map<string, Account>> {
  const rows = await ctx.tx.sql<Account[]>`
    select id, order_id as "orderId", unit, balance, floor, version from ledger_accounts
    where id = any(${uuidArray(ids)}::uuid[]) order by id for no key update`;
  return new Map(rows.map((r) => [r.id, { ...r }]));
}

/** Sent behind the lock on the same connection, so it sees what the transaction we waited for has written. */
async function knownTransfers(ctx: InTx, wanted: Transfer[]): Promise<Map<string, Transfer>> {
  const rows = await ctx.tx.sql<Transfer[]>`
    select id, order_id as "orderId", debit_account_id as "debitAccountId", credit_account_id as "creditAccountId",
      amount, code, cause_id as "causeId"
    from ledger_transfers where id = any(${uuidArray(wanted.map((t) => t.id))}::uuid[])`;
  return new Map(rows.map((r) => [r.id, r]));
}

/** Works the new balances out, in the order given, and refuses what would break a floor. */
function apply(fresh: Transfer[], accounts: Map<string, Account>): Entry[] {
  return fresh.flatMap((t) => {
    const debit = accounts.get(t.debitAccountId);
    const credit = accounts.get(t.creditAccountId);
    if (
      !debit ||
      !credit ||
      debit.orderId !== t.orderId ||
      credit.orderId !== t.orderId ||
      debit.unit !== credit.unit
    ) {
      throw notOne(t);
    }
    if (debit.floor !== null && debit.balance - t.amount < debit.floor) {
      throw tooLittle(t.orderId);
    }
    return [move(t, debit, -t.amount), move(t, credit, t.amount)];
  });
}

function move(t: Transfer, account: Account, amount: bigint): Entry {
  account.balance += amount;
  account.version += 1n;
  return { transfer: t, accountId: account.id, amount, balanceAfter: account.balance, version: account.version };
}

async function write(ctx: InTx, fresh: Transfer[], entries: Entry[], accounts: Map<string, Account>): Promise<void> {
  const touched = [...new Set(entries.map((e) => e.accountId))].flatMap((id) => accounts.get(id) ?? []);
  const now = ctx.clock.now();
  await ctx.tx.sql`
    with new_transfers as (
      insert into ledger_transfers (id, order_id, debit_account_id, credit_account_id, amount, code, cause_id, created_at)
      select *, ${now}::timestamptz from unnest(${uuidArray(fresh.map((t) => t.id))}::uuid[], ${uuidArray(fresh.map((t) => t.orderId))}::uuid[],
        ${uuidArray(fresh.map((t) => t.debitAccountId))}::uuid[], ${uuidArray(fresh.map((t) => t.creditAccountId))}::uuid[],
        ${bigintArray(fresh.map((t) => t.amount))}::bigint[], ${textArray(fresh.map((t) => t.code))}::text[],
        ${uuidArray(fresh.map((t) => t.causeId))}::uuid[])
    ), new_entries as (
      insert into ledger_entries (transfer_id, account_id, order_id, amount, balance_after, account_version, created_at)
      select *, ${now}::timestamptz from unnest(${uuidArray(entries.map((e) => e.transfer.id))}::uuid[],
        ${uuidArray(entries.map((e) => e.accountId))}::uuid[], ${uuidArray(entries.map((e) => e.transfer.orderId))}::uuid[],
        ${bigintArray(entries.map((e) => e.amount))}::bigint[], ${bigintArray(entries.map((e) => e.balanceAfter))}::bigint[],
        ${bigintArray(entries.map((e) => e.version))}::bigint[])
    )
    update ledger_accounts a set balance = n.balance, version = n.version
    from unnest(${uuidArray(touched.map((a) => a.id))}::uuid[], ${bigintArray(touched.map((a) => a.balance))}::bigint[],
      ${bigintArray(touched.map((a) => a.version))}::bigint[]) as n(id, balance, version)
    where a.id = n.id`;
}

const notOne = (t: Transfer) => new Error(`Transfer ${t.id} must join two accounts of order ${t.orderId} in one unit.`);

const tooLittle = (orderId?: string) =>
  new DomainError(
    "insufficient_funds",
    "balance_floor",
    "The order has too little left for this.",
    orderId === undefined ? {} : { orderId },
  );

const isSame = (a: Transfer, b: Transfer): boolean =>
  a.orderId === b.orderId &&
  a.debitAccountId === b.debitAccountId &&
  a.creditAccountId === b.creditAccountId &&
  a.amount === b.amount &&
  a.code === b.code &&
  a.causeId === b.causeId;

const mismatch = (transferId: string) =>
  conflict("transfer_mismatch", "This transfer is known with other content.", { transferId });
