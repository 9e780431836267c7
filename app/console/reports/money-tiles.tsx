/** Money at the viewer's own hop as tiles: final amounts, and below them what is still held. */
import { getTranslations } from "next-intl/server";
import { StatTile } from "#app/_ui/stat-tile.tsx";
import { FinalAmounts, heldAmounts } from "#app/console/reports/amounts.tsx";
import { sidesOf } from "#app/console/reports/report-columns.tsx";
import type { Money } from "#server/domain/reports/summary.ts";

/** @property href leads to the report behind the amounts */
export async function MoneyTiles({ money, href }: { money: readonly Money[]; href?: string }) {
  const t = await getTranslations("reports");
  const sides = sidesOf(money);
  if (sides.length === 0) return null;
  // Amounts do not wrap: these tiles are wider than those of counts.
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] gap-3">
      {sides.map((side) => {
        const held = side === "margin" ? null : heldAmounts(money, side);
        return (
          <StatTile
            key={side}
            label={t(side)}
            value={<FinalAmounts money={money} side={side} />}
            note={
              held ? (
                <span>
                  + {held} {t("heldShort")}
                </span>
              ) : null
            }
            href={href}
          />
        );
      })}
    </div>
  );
}
