"use client";
/** All connectors with how they stand right now. */
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { type Column, Table } from "#app/_ui/table.tsx";
import { ConnectorState, lastErrorOf, StateSince } from "#app/console/connectors/bind-state.tsx";
import { useLiveConnectors } from "#app/console/connectors/live.ts";
import type { ConnectorWithBinds } from "#server/domain/routing/list-connectors.ts";

type ConnectorListProps = {
  initial: ConnectorWithBinds[];
  /** Names of the owners by id; shown when there is more than one. */
  owners: Record<string, string>;
  empty: ReactNode;
};

export function ConnectorList({ initial, owners, empty }: ConnectorListProps) {
  const t = useTranslations("routing");
  const rows = useLiveConnectors(initial);
  const owner: Column<ConnectorWithBinds> = {
    key: "owner",
    header: t("owner"),
    cell: (row) => owners[row.tenantId] ?? "–",
    wideOnly: true,
  };
  const columns: Column<ConnectorWithBinds>[] = [
    { key: "name", header: t("name"), cell: (row) => row.name },
    { key: "kind", header: t("kind"), cell: (row) => t(`kindShort.${row.kind}`), wideOnly: true },
    { key: "state", header: t("stateLabel"), cell: (row) => <ConnectorState connector={row} /> },
    { key: "since", header: t("since"), cell: (row) => <StateSince binds={row.binds} /> },
    {
      key: "address",
      header: t("address"),
      cell: (row) => (
        <code className="break-words font-mono text-xs">
          {row.host}
          <wbr />
          {`:${row.port}`}
        </code>
      ),
    },
    ...(Object.keys(owners).length > 1 ? [owner] : []),
    {
      key: "speed",
      header: t("speed"),
      align: "right",
      cell: (row) => (row.maxPerSecond === 0 ? t("unlimited") : t("perSecond", { count: row.maxPerSecond })),
      wideOnly: true,
    },
    {
      key: "error",
      header: t("lastError"),
      cell: (row) => {
        const error = lastErrorOf(row.binds);
        return error ? <span className="line-clamp-2 text-danger">{error}</span> : null;
      },
    },
  ];
  return (
    <Table
      caption={t("connectors")}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      rowHref={(row) => `/console/connectors/${row.id}`}
      empty={empty}
    />
  );
}
