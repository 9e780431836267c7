"use client";
/** The accounts of a tenant with who is bound right now. */
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { type Column, RowActions, Table } from "#app/_ui/table.tsx";
import { EditAccount, ResetPassword, SwitchAccount } from "#app/console/smpp-accounts/account-actions.tsx";
import type { AccountWithBinds } from "#server/domain/smpp-accounts/list.ts";

const everyMs = 2_000;

type AccountListProps = { tenantId: string; initial: AccountWithBinds[]; mayWrite: boolean; empty: ReactNode };

export function AccountList({ tenantId, initial, mayWrite, empty }: AccountListProps) {
  const t = useTranslations("smpp");
  const trpc = useTRPC();
  const query = useQuery(
    trpc.smppAccounts.list.queryOptions({ tenantId }, { initialData: initial, refetchInterval: everyMs }),
  );
  const columns: Column<AccountWithBinds>[] = [
    {
      key: "name",
      header: t("name"),
      cell: (row) => (
        <span className="block min-w-0">
          <span className="block truncate">{row.name}</span>
          <code className="font-mono font-normal text-ink-faint text-xs">{row.systemId}</code>
        </span>
      ),
    },
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
    { key: "binds", header: t("binds"), cell: (row) => <Binds account={row} /> },
    {
      key: "waiting",
      header: t("receiptsWaiting"),
      align: "right",
      cell: (row) => <Count value={row.receiptsWaiting} />,
    },
    {
      key: "speed",
      header: t("maxPerSecond"),
      align: "right",
      cell: (row) => (row.maxPerSecond === 0 ? t("unlimited") : <Count value={row.maxPerSecond} />),
      wideOnly: true,
    },
    {
      key: "addresses",
      header: t("addresses"),
      cell: (row) =>
        row.allowedIps.length > 0 ? <span className="break-words">{row.allowedIps.join(", ")}</span> : t("anyAddress"),
      wideOnly: true,
    },
    ...(mayWrite ? [actions(t("actions"))] : []),
  ];
  return <Table caption={t("title")} columns={columns} rows={query.data} rowKey={(row) => row.id} empty={empty} />;
}

const actions = (header: string): Column<AccountWithBinds> => ({
  key: "actions",
  header,
  align: "right",
  cell: (row) => (
    <RowActions>
      <EditAccount key={row.updatedAt.toISOString()} account={row} />
      <ResetPassword account={row} />
      <SwitchAccount account={row} />
    </RowActions>
  ),
});

const version50 = 0x50;

/** Each bind on a line: how, from where, since when. */
function Binds({ account: { binds, maxBinds } }: { account: AccountWithBinds }) {
  const t = useTranslations("smpp");
  return (
    <span className="block">
      <span className="block">{t("bindsOf", { count: binds.length, most: maxBinds })}</span>
      {binds.map((bind) => (
        <span key={bind.id} className="block text-ink-faint text-xs">
          {t(`modes.${bind.mode}`)} · {bind.ip} · {bind.version >= version50 ? "5.0" : "3.4"}
          {bind.tls ? " · TLS" : ""} · <DateTime value={bind.since} />
        </span>
      ))}
    </span>
  );
}
