/** Shares and money of report rows; amounts in several currencies stand below each other and are never added. */
import { Fragment } from "react";
import { Money } from "#app/_ui/money.tsx";
import type { Money as Amounts, Counts } from "#server/domain/reports/summary.ts";

/** Delivered of all whose end is known, 0 … 1; null when there is none. */
export function deliveryRate({ delivered, failed }: Pick<Counts, "delivered" | "failed">): number | null {
  return delivered + failed > 0 ? delivered / (delivered + failed) : null;
}

/** Change against the time before, as a share; null when there is nothing to compare with. */
export const changeOf = (now: number, before: number): number | null => (before > 0 ? (now - before) / before : null);

export type Side = "revenue" | "cost" | "margin";

const finalOf = (amounts: Amounts, side: Side): bigint =>
  ({ revenue: amounts.revenueMicros, cost: amounts.costMicros, margin: amounts.marginMicros })[side];

const heldOf = (amounts: Amounts, side: Side): bigint =>
  ({
    revenue: amounts.heldRevenueMicros,
    cost: amounts.heldCostMicros,
    margin: amounts.heldRevenueMicros - amounts.heldCostMicros,
  })[side];

/** Does money move on this side at all, final or held? */
export const moves = (money: readonly Amounts[], side: "revenue" | "cost"): boolean =>
  money.some((amounts) => finalOf(amounts, side) !== 0n || heldOf(amounts, side) !== 0n);

/** Final amounts, one line a currency. */
export function FinalAmounts({ money, side }: { money: readonly Amounts[]; side: Side }) {
  const shown = money.filter((amounts) => finalOf(amounts, side) !== 0n);
  if (shown.length === 0) return <span className="text-ink-faint">–</span>;
  return shown.map((amounts) => (
    <span key={amounts.currency} className="block">
      <Money micros={finalOf(amounts, side)} currency={amounts.currency} signed />
    </span>
  ));
}

/** Amounts of messages whose end is not known yet; null when there are none. */
export function heldAmounts(money: readonly Amounts[], side: Side) {
  const shown = money.filter((amounts) => heldOf(amounts, side) !== 0n);
  if (shown.length === 0) return null;
  return (
    <>
      {shown.map((amounts, at) => (
        <Fragment key={amounts.currency}>
          {at > 0 ? ", " : null}
          <Money micros={heldOf(amounts, side)} currency={amounts.currency} />
        </Fragment>
      ))}
    </>
  );
}
