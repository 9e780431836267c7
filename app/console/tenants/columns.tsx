/** The columns of tenants, in the list and below a tenant. */
import { CornerDownRight } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { Badge } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import type { Column } from "#app/_ui/table.tsx";
import type { Tenant } from "#server/domain/tenants/scope.ts";

export type TenantRow = Tenant & { depth: number };

/** Deeper levels stop moving right, so that a name keeps its room on a narrow screen. */
const stepRem = 1.25;
const maxSteps = 4;

export async function tenantColumns(ownId: string): Promise<Column<TenantRow>[]> {
  const [t, locale] = await Promise.all([getTranslations("tenants"), getLocale()]);
  return [
    {
      key: "name",
      header: t("name"),
      cell: (row) => (
        <span
          className="flex min-w-0 items-center gap-2"
          style={{ paddingLeft: `${Math.min(row.depth, maxSteps) * stepRem}rem` }}
        >
          {row.depth > 0 ? <CornerDownRight className="size-3.5 shrink-0 text-ink-faint" aria-hidden /> : null}
          <span className="truncate">{row.name}</span>
          {row.id === ownId ? <Badge>{t("you")}</Badge> : null}
        </span>
      ),
    },
    { key: "kind", header: t("kindLabel"), cell: (row) => t(`kind.${row.kind}`) },
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
    { key: "country", header: t("country"), cell: (row) => countryName(row.country, locale), wideOnly: true },
    { key: "currency", header: t("currency"), cell: (row) => row.currency },
    {
      key: "created",
      header: t("created"),
      cell: (row) => <DateTime value={row.createdAt} precision="day" />,
      wideOnly: true,
    },
  ];
}
