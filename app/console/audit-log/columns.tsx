/** The columns of the audit log; each entry opens in a panel. */
import { getTranslations } from "next-intl/server";
import { DateTime } from "#app/_ui/date-time.tsx";
import { type Column, RowActions } from "#app/_ui/table.tsx";
import { EntryPanel } from "#app/console/audit-log/entry-panel.tsx";
import type { AuditEntry } from "#server/domain/reports/list-audit.ts";

/**
 * @param withTenant whether rows of several tenants can stand in one list
 * @param isRoot nobody stands above a root: an actor without a name is none of its provider's people
 */
export async function auditColumns(withTenant: boolean, isRoot: boolean): Promise<Column<AuditEntry>[]> {
  const t = await getTranslations("audit");
  const unnamed = (row: AuditEntry) => (isRoot ? t(`actorType.${row.actorType}`) : t("provider"));
  // A job's name says something to its programmers only.
  const actorOf = (row: AuditEntry) => (row.actorType === "job" ? t("actorType.job") : (row.actorName ?? unnamed(row)));
  const tenant: Column<AuditEntry> = {
    key: "tenant",
    header: t("tenant"),
    cell: (row) => <span className="block max-w-48 truncate">{row.tenantName}</span>,
    wideOnly: true,
  };
  return [
    { key: "action", header: t("action"), cell: (row) => actionText(t, row.action) },
    {
      key: "subject",
      header: t("subject"),
      cell: (row) => (
        <span className="block max-w-56 truncate">
          {nameOf(row) ?? (t.has(`subjects.${row.subjectType}`) ? t(`subjects.${row.subjectType}`) : row.subjectType)}
        </span>
      ),
      wideOnly: true,
    },
    {
      key: "actor",
      header: t("actor"),
      cell: (row) => <span className="block max-w-48 truncate">{actorOf(row)}</span>,
    },
    ...(withTenant ? [tenant] : []),
    { key: "at", header: t("at"), cell: (row) => <DateTime value={row.createdAt} precision="second" /> },
    {
      key: "details",
      header: t("details"),
      align: "right",
      cell: (row) => (
        <RowActions>
          <EntryPanel entry={row} action={actionText(t, row.action)} actor={actorOf(row)} />
        </RowActions>
      ),
    },
  ];
}

type Translate = Awaited<ReturnType<typeof getTranslations<"audit">>>;

/** An action without a text shows as its own name. */
function actionText(t: Translate, action: string): string {
  const key = `actions.${action}`;
  return t.has(key) ? t(key) : action;
}

/** What the entry calls its subject. */
function nameOf({ detail }: AuditEntry): string | null {
  const name = detail.name ?? detail.email ?? detail.host ?? detail.number;
  return typeof name === "string" ? name : null;
}
