/** The recipients that a campaign could not send to, page by page, with what to do about each reason. */
import { Download } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { buttonLook } from "#app/_ui/button.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { type SearchParams, single } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";

export async function Refusals({ id, query }: { id: string; query: SearchParams }) {
  const after = Math.max(0, Math.trunc(Number(single(query.cursor) ?? 0)) || 0);
  const [caller, t] = await Promise.all([api(), getTranslations("campaigns")]);
  const page = await caller.campaigns.refusals({ id, after });
  if (page.items.length === 0) return null;
  return (
    <section>
      <div className="flex flex-wrap items-center justify-between gap-2 pb-2.5">
        <h2 className="font-semibold text-base">{t("refusals")}</h2>
        <a className={buttonLook({ size: "sm" })} href={`/api/exports/refusals/${id}`} download>
          <Download aria-hidden />
          {t("downloadRefusals")}
        </a>
      </div>
      <Table
        caption={t("refusals")}
        columns={[
          { key: "number", header: t("number"), cell: (row) => <span className="font-mono">+{row.msisdn}</span> },
          {
            key: "reason",
            header: t("reason"),
            cell: (row) => (t.has(`refusal.${row.code}`) ? t(`refusal.${row.code}`) : row.code.replaceAll("_", " ")),
            className: "max-w-none",
          },
        ]}
        rows={page.items}
        rowKey={(row) => String(row.ordinal)}
        empty={null}
      />
      <Pager
        path={`/console/campaigns/${id}`}
        params={query}
        nextCursor={page.nextAfter === null ? null : String(page.nextAfter)}
        count={page.items.length}
      />
    </section>
  );
}
