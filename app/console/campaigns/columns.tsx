/** The columns of campaigns; whose they are stands there only in lists of several tenants. */
import { getTranslations } from "next-intl/server";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import { ProgressBar } from "#app/_ui/progress-bar.tsx";
import type { Column } from "#app/_ui/table.tsx";
import { CampaignStatus } from "#app/console/campaigns/campaign-status.tsx";
import type { CampaignRow } from "#server/domain/campaigns/list.ts";

export async function campaignColumns(withTenant: boolean): Promise<Column<CampaignRow>[]> {
  const t = await getTranslations("campaigns");
  const tenant: Column<CampaignRow> = { key: "tenant", header: t("tenant"), cell: (row) => row.tenantName };
  return [
    { key: "name", header: t("name"), cell: (row) => <span className="block truncate">{row.name}</span> },
    ...(withTenant ? [tenant] : []),
    { key: "status", header: t("status"), cell: (row) => <CampaignStatus status={row.status} /> },
    {
      key: "sender",
      header: t("sender"),
      cell: (row) => (row.senderName ? <span className="font-mono">{row.senderName}</span> : "–"),
      wideOnly: true,
    },
    { key: "recipients", header: t("recipients"), align: "right", cell: (row) => <Count value={row.recipientCount} /> },
    {
      key: "progress",
      header: t("progress"),
      cell: (row) =>
        row.launchedAt && row.recipientCount > 0 ? (
          <span className="flex w-32 items-center">
            <ProgressBar
              share={row.expandedTo / row.recipientCount}
              label={t("progressOf", { name: row.name })}
              tone={row.status === "held" ? "danger" : row.status === "completed" ? "success" : "brand"}
            />
          </span>
        ) : (
          "–"
        ),
      wideOnly: true,
    },
    { key: "when", header: t("when"), cell: (row) => <CampaignWhen row={row} />, wideOnly: true },
  ];
}

/** The hour that matters now: of the launch ahead, of the launch behind, or of the draft. */
function CampaignWhen({ row }: { row: CampaignRow }) {
  if (row.status === "scheduled" && row.scheduledAt) {
    return <DateTime value={row.scheduledAt} timeZone={row.timeZone ?? undefined} />;
  }
  return <DateTime value={row.launchedAt ?? row.createdAt} hideZone />;
}
