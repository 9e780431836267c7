/** A carrier's own error codes on its connector's page: what each does to a message, and what people read about it. */
import { ListX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Badge } from "#app/_ui/badge.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { RowActions, Table } from "#app/_ui/table.tsx";
import { ClearError, SetError } from "#app/console/connectors/[id]/error-actions.tsx";
import type { ErrorRule } from "#server/domain/routing/error-table.ts";

type ErrorTableProps = {
  connector: { id: string; kind: "smpp" | "http" };
  rules: ErrorRule[];
  mayWrite: boolean;
};

export async function ErrorCodes({ connector, rules, mayWrite }: ErrorTableProps) {
  const [t, ui] = await Promise.all([getTranslations("routing"), getTranslations("ui")]);
  const isHttp = connector.kind === "http";
  const add = mayWrite ? <SetError connectorId={connector.id} kind={connector.kind} /> : null;
  const actions = {
    key: "actions",
    header: ui("actions"),
    align: "right" as const,
    cell: (row: ErrorRule) => (
      <RowActions>
        <ClearError connectorId={connector.id} kind={row.kind} code={row.code} />
      </RowActions>
    ),
  };
  return (
    <section>
      <div className="flex flex-wrap items-center justify-between gap-3 pb-2.5">
        <div>
          <h2 className="font-semibold text-base">{t("errorCodes")}</h2>
          <p className="text-ink-muted text-sm">{t(isHttp ? "httpErrorCodesLead" : "errorCodesLead")}</p>
        </div>
        {rules.length > 0 ? add : null}
      </div>
      <Table
        caption={t("errorCodes")}
        columns={[
          { key: "code", header: t("errorCode"), cell: (row) => <span className="font-mono">{row.code}</span> },
          { key: "kind", header: t("errorKind"), cell: (row) => t(`errorKinds.${row.kind}`) },
          {
            key: "verdict",
            header: t("errorVerdict"),
            cell: (row) => (
              <Badge tone={row.verdict === "fail" ? "danger" : "neutral"}>{t(`errorVerdicts.${row.verdict}`)}</Badge>
            ),
          },
          {
            key: "reason",
            header: t("errorReason"),
            cell: (row) => (row.reason ? t(`errorReasons.${row.reason}`) : "–"),
            wideOnly: true,
          },
          ...(mayWrite ? [actions] : []),
        ]}
        rows={rules}
        rowKey={(row) => `${row.kind} ${row.code}`}
        empty={
          <EmptyState
            icon={ListX}
            title={t(isHttp ? "noHttpErrorCodes" : "noErrorCodes")}
            description={t(isHttp ? "noHttpErrorCodesHint" : "noErrorCodesHint")}
            action={add}
          />
        }
      />
    </section>
  );
}
