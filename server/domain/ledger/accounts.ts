/** The accounts of an order: four in its currency and four in parts, with ids that follow from the order's. */
import type { accountKinds } from "#db/schema/ledger.ts";
import type { InTx } from "#server/kernel/context.ts";
import { namedId } from "#server/kernel/id.ts";

export type AccountKind = (typeof accountKinds)[number];

/** The unit of the accounts that count parts; every other unit is an ISO 4217 code in micro-units. */
export const partsUnit = "PARTS";

const kinds = ["funding", "available", "held", "spent"] as const satisfies readonly AccountKind[];

/** The id is a digest, and the hot path asks for the same few again and again. */
export function accountId(orderId: string, kind: AccountKind, unit: string): string {
  const name = `${orderId} ${kind} ${unit}`;
  const known = accountIds.get(name);
  if (known) return known;
  if (accountIds.size >= maxAccountIds) accountIds.clear();
  const id = namedId("account", orderId, kind, unit);
  accountIds.set(name, id);
  return id;
}
const accountIds = new Map<string, string>();
const maxAccountIds = 10_000;

/** What an order may use: null = not bounded in this unit. */
export type Bounds = {
  orderId: string;
  currency: string;
  kind: "prepaid" | "postpaid";
  amountMicros: bigint | null;
  partsLimit: bigint | null;
};

/**
 * The least that may be left on the available account. Prepaid stops at what was paid in, postpaid at its credit
 * limit; parts are funded up to their limit in both.
 */
export function floorOf(bounds: Bounds, unit: string): bigint | null {
  if (unit === partsUnit) return bounds.partsLimit === null ? null : 0n;
  if (bounds.amountMicros === null) return null;
  return bounds.kind === "prepaid" ? 0n : -bounds.amountMicros;
}

/** Opens the accounts of an order with nothing on them; opening twice changes nothing. */
export async function openAccounts(ctx: InTx, bounds: Bounds): Promise<void> {
  const rows = [bounds.currency, partsUnit].flatMap((unit) =>
    kinds.map((kind) => ({
      id: accountId(bounds.orderId, kind, unit),
      kind,
      unit,
      floor: floorFor(bounds, kind, unit),
    })),
  );
  await ctx.tx.sql`
    insert into ledger_accounts (id, order_id, kind, unit, floor, created_at)
    select n.id, ${bounds.orderId}, n.kind, n.unit, n.floor, ${ctx.clock.now()}
    from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.unit)}::text[],
      ${rows.map((r) => r.floor?.toString() ?? null)}::bigint[]) as n(id, kind, unit, floor)
    on conflict do nothing`;
}

/**
 * Locks every account of an order. Whoever changes a running order's status, validity or bounds does this first: it is
 * what keeps such a change and a hold apart.
 */
export async function lockOrder(ctx: InTx, orderId: string): Promise<void> {
  await ctx.tx.sql`select id from ledger_accounts where order_id = ${orderId} order by id for no key update`;
}

/** Moves the bound of a running order's available accounts, after a top-up. The caller holds lockOrder. */
export async function setFloors(ctx: InTx, bounds: Bounds): Promise<void> {
  const units = [bounds.currency, partsUnit];
  await ctx.tx.sql`
    update ledger_accounts a set floor = n.floor
    from unnest(${units.map((unit) => accountId(bounds.orderId, "available", unit))}::uuid[],
      ${units.map((unit) => floorOf(bounds, unit)?.toString() ?? null)}::bigint[]) as n(id, floor)
    where a.id = n.id and a.floor is distinct from n.floor`;
}

/** Held and spent never go below zero either: nothing can be posted that was not held. */
function floorFor(bounds: Bounds, kind: AccountKind, unit: string): bigint | null {
  if (kind === "available") return floorOf(bounds, unit);
  return kind === "funding" ? null : 0n;
}
