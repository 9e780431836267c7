/** The columns of messages. */
import { getTranslations } from "next-intl/server";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import type { Column } from "#app/_ui/table.tsx";
import type { MessageRow } from "#server/domain/messages/find.ts";

/** @param withTenant whether rows of several tenants can stand in one list */
export async function messageColumns(withTenant: boolean): Promise<Column<MessageRow>[]> {
  const t = await getTranslations("messages");
  const tenant: Column<MessageRow> = {
    key: "tenant",
    header: t("tenant"),
    cell: (row) => <span className="block max-w-40 truncate">{row.tenantName}</span>,
    wideOnly: true,
    className: "max-lg:hidden",
  };
  return [
    {
      key: "to",
      header: t("to"),
      cell: (row) => <span className="whitespace-nowrap tabular-nums">{`+${row.msisdn}`}</span>,
    },
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
    {
      key: "sender",
      header: t("sender"),
      cell: (row) => <span className="whitespace-nowrap font-mono text-xs">{row.sender}</span>,
    },
    {
      key: "text",
      header: t("text"),
      cell: (row) => <span className="block truncate">{row.text}</span>,
      className: "w-full max-w-0 min-w-32",
      wideOnly: true,
    },
    {
      key: "operator",
      header: t("operator"),
      cell: (row) => <span className="whitespace-nowrap">{row.operatorName ?? row.operatorId}</span>,
      wideOnly: true,
    },
    { key: "parts", header: t("parts"), cell: (row) => <Count value={row.parts} />, align: "right", wideOnly: true },
    ...(withTenant ? [tenant] : []),
    { key: "accepted", header: t("acceptedAt"), cell: (row) => <DateTime value={row.createdAt} hideZone /> },
  ];
}
