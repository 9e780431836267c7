/** The period in figures: what was sent, what became of it, and the money at the viewer's own hop. */
import { getTranslations } from "next-intl/server";
import { Count, Percent } from "#app/_ui/money.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import type { Period } from "#app/console/_dashboard/period.ts";
import { changeOf, deliveryRate } from "#app/console/reports/amounts.tsx";
import { type Grouping, reportHref } from "#app/console/reports/filters.ts";
import { MoneyTiles } from "#app/console/reports/money-tiles.tsx";
import type { SummaryResult } from "#server/domain/reports/summary.ts";

type Total = SummaryResult["total"];
/** @property before the period of the same length before; null where it cannot be compared fairly */
type FigureTilesProps = { period: Period; total: Total; before: Total | null };

export async function FigureTiles({ period: { from, to, days }, total, before }: FigureTilesProps) {
  const [t, reports] = await Promise.all([getTranslations("dashboard"), getTranslations("reports")]);
  const href = (groupBy: Grouping) => reportHref({ from, to, groupBy });
  const against = before ? t("against", { days: Number(days) }) : null;
  const change = (key: "accepted" | "delivered" | "failed") => (before ? changeOf(total[key], before[key]) : null);
  const noteOf = (share: number | null) => (share === null ? null : against);
  return (
    <div className="flex flex-col gap-3">
      <StatRow>
        <StatTile
          label={reports("accepted")}
          value={<Count value={total.accepted} />}
          change={change("accepted")}
          note={noteOf(change("accepted"))}
          href={href("day")}
        />
        <StatTile
          label={reports("delivered")}
          value={<Count value={total.delivered} />}
          change={change("delivered")}
          note={noteOf(change("delivered"))}
          href={href("day")}
        />
        <StatTile
          label={reports("deliveryRate")}
          value={<Percent share={deliveryRate(total)} />}
          note={t("ofEnded", { count: total.delivered + total.failed })}
          href={href("operator")}
        />
        <StatTile
          label={reports("failed")}
          value={<Count value={total.failed} />}
          change={change("failed")}
          note={noteOf(change("failed"))}
          lessIsBetter
          href={href("operator")}
        />
      </StatRow>
      <MoneyTiles money={total.money} href={href("order")} />
    </div>
  );
}
