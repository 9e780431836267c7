/** The columns of people, with what may be done to each. */
import { getTranslations } from "next-intl/server";
import type { Viewer } from "#app/_trpc/viewer.ts";
import { Badge } from "#app/_ui/badge.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { type Column, RowActions } from "#app/_ui/table.tsx";
import { UserActions } from "#app/console/users/user-actions.tsx";
import type { User } from "#server/domain/identity/scope.ts";

export async function userColumns(viewer: Viewer): Promise<Column<User>[]> {
  const [t, roles] = await Promise.all([getTranslations("users"), getTranslations("roles")]);
  // An owner is only an owner's to change (the verbs say the same).
  const mayChange = (row: User) =>
    viewer.may("users.write") && (viewer.user.role === "owner" || row.role !== "owner") && row.id !== viewer.user.id;
  return [
    {
      key: "name",
      header: t("name"),
      cell: (row) => (
        <span className="block min-w-0">
          <span className="flex items-center gap-2">
            <span className="truncate">{row.name}</span>
            {row.id === viewer.user.id ? <Badge>{t("you")}</Badge> : null}
          </span>
          {row.name === row.email ? null : (
            <span className="block truncate font-normal text-ink-faint text-xs">{row.email}</span>
          )}
        </span>
      ),
    },
    { key: "role", header: t("role"), cell: (row) => roles(row.role) },
    { key: "status", header: t("status"), cell: (row) => <PersonStatus user={row} locked={t("locked")} /> },
    {
      key: "signedIn",
      header: t("lastSignIn"),
      cell: (row) => (row.lastSignInAt ? <DateTime value={row.lastSignInAt} /> : t("never")),
      wideOnly: true,
    },
    {
      key: "actions",
      header: t("actions"),
      align: "right",
      cell: (row) =>
        mayChange(row) ? (
          <RowActions>
            <UserActions user={row} asOwner={viewer.user.role === "owner"} />
          </RowActions>
        ) : null,
    },
  ];
}

function PersonStatus({ user, locked }: { user: User; locked: string }) {
  const isLocked = user.lockedUntil !== null && user.lockedUntil > new Date();
  return (
    <span className="inline-flex flex-wrap gap-1">
      <StatusBadge status={user.status} />
      {isLocked ? <Badge tone="warning">{locked}</Badge> : null}
    </span>
  );
}
