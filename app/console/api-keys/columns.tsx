/** The columns of API keys. */
import { getTranslations } from "next-intl/server";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { Badge } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { type Column, RowActions } from "#app/_ui/table.tsx";
import { RevokeKey, RollKey } from "#app/console/api-keys/key-actions.tsx";
import type { ApiKey } from "#server/domain/identity/keys.ts";

function statusOf(key: ApiKey): "active" | "expired" | "revoked" {
  if (key.revokedAt) return "revoked";
  return key.expiresAt && key.expiresAt <= new Date() ? "expired" : "active";
}

export async function keyColumns(viewer: Viewer): Promise<Column<ApiKey>[]> {
  const t = await getTranslations("keys");
  const actions: Column<ApiKey> = {
    key: "actions",
    header: t("actions"),
    align: "right",
    cell: (row) => (
      <RowActions>
        {statusOf(row) === "active" ? <RollKey apiKey={{ id: row.id, name: row.name }} /> : null}
        {row.revokedAt ? null : <RevokeKey apiKey={{ id: row.id, name: row.name }} />}
      </RowActions>
    ),
  };
  return [
    {
      key: "name",
      header: t("name"),
      cell: (row) => (
        <span className="block min-w-0">
          <span className="block truncate">{row.name}</span>
          <code className="font-mono font-normal text-ink-faint text-xs">{row.prefix}…</code>
        </span>
      ),
    },
    { key: "status", header: t("status"), cell: (row) => <StatusBadge status={statusOf(row)} /> },
    {
      key: "scopes",
      header: t("scopes"),
      cell: (row) => (
        <span className="flex flex-wrap gap-1 max-sm:justify-end">
          {row.scopes.map((scope) => (
            <Badge key={scope}>{t.has(`scope.${key(scope)}`) ? t(`scope.${key(scope)}`) : scope}</Badge>
          ))}
        </span>
      ),
    },
    {
      key: "addresses",
      header: t("addresses"),
      cell: (row) =>
        row.allowedIps.length > 0 ? <span className="break-words">{row.allowedIps.join(", ")}</span> : t("anyAddress"),
      wideOnly: true,
    },
    {
      key: "used",
      header: t("lastUsed"),
      cell: (row) => (row.lastUsedAt ? <DateTime value={row.lastUsedAt} /> : t("never")),
      wideOnly: true,
    },
    {
      key: "expires",
      header: t("expires"),
      cell: (row) => (row.expiresAt ? <DateTime value={row.expiresAt} /> : t("never")),
      wideOnly: true,
    },
    ...(viewer.may("keys.write") ? [actions] : []),
  ];
}

/** Keys of texts have no points. */
const key = (scope: string): string => scope.replace(".", "_");
