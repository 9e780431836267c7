/** The columns of sender names; whose they are stands there only in lists of several tenants. */
import { getTranslations } from "next-intl/server";
import { Badge } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import type { Column } from "#app/_ui/table.tsx";
import type { SenderView } from "#server/domain/senders/view.ts";

export async function senderColumns(withTenant: boolean): Promise<Column<SenderView>[]> {
  const t = await getTranslations("senders");
  const tenant: Column<SenderView> = { key: "tenant", header: t("tenant"), cell: (row) => row.tenantName };
  return [
    {
      key: "name",
      header: t("name"),
      cell: (row) => (
        <span className="flex items-center gap-2">
          <span className="font-mono">{row.name}</span>
          {row.isAwaitingMe ? <Badge tone="warning">{t("awaitsYou")}</Badge> : null}
        </span>
      ),
    },
    ...(withTenant ? [tenant] : []),
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
    {
      key: "purpose",
      header: t("purpose"),
      cell: (row) => <span className="block truncate">{row.purpose}</span>,
      wideOnly: true,
    },
    {
      key: "created",
      header: t("registeredOn"),
      cell: (row) => <DateTime value={row.createdAt} precision="day" />,
      wideOnly: true,
    },
  ];
}
