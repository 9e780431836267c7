/** The last 30 days of one tenant and everything below it, for its own page: counts, and the money at the viewer's hop. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Count, Percent } from "#app/_ui/money.tsx";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import { changeOf, deliveryRate } from "#app/console/reports/amounts.tsx";
import { reportHref } from "#app/console/reports/filters.ts";
import { MoneyTiles } from "#app/console/reports/money-tiles.tsx";
import { lastDays, rangeBefore, utcDay } from "#app/console/reports/range.ts";

const shownDays = 30;

export async function TenantFigures({ tenantId }: { tenantId: string }) {
  const [caller, t] = await Promise.all([api(), getTranslations("reports")]);
  const range = lastDays(utcDay(new Date()), shownDays);
  const [{ total }, { total: before }] = await Promise.all([
    caller.reports.summary({ ...range, tenantId }),
    caller.reports.summary({ ...rangeBefore(range), tenantId }),
  ]);
  return (
    <section aria-labelledby="tenant-figures">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 pb-2.5">
        <h2 id="tenant-figures" className="font-semibold text-base">
          {t("lastDays", { count: shownDays })}
        </h2>
        <ButtonLink look="link" size="sm" href={reportHref({ ...range, tenantId, groupBy: "day" })}>
          {t("openReport")}
        </ButtonLink>
      </div>
      <div className="flex flex-col gap-3">
        <StatRow>
          <StatTile
            label={t("accepted")}
            value={<Count value={total.accepted} />}
            change={changeOf(total.accepted, before.accepted)}
          />
          <StatTile
            label={t("delivered")}
            value={<Count value={total.delivered} />}
            change={changeOf(total.delivered, before.delivered)}
          />
          <StatTile label={t("deliveryRate")} value={<Percent share={deliveryRate(total)} />} />
          <StatTile
            label={t("failed")}
            value={<Count value={total.failed} />}
            change={changeOf(total.failed, before.failed)}
            lessIsBetter
          />
        </StatRow>
        <MoneyTiles money={total.money} />
      </div>
    </section>
  );
}
