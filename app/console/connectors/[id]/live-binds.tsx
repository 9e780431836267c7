"use client";
/** The binds of one connector, each with its state right now. */
import { useTranslations } from "next-intl";
import { Callout } from "#app/_ui/callout.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { type Column, Table } from "#app/_ui/table.tsx";
import { BindBadge, ConnectorState, healthOf } from "#app/console/connectors/bind-state.tsx";
import { useLiveConnector } from "#app/console/connectors/live.ts";
import type { Bind, ConnectorWithBinds } from "#server/domain/routing/list-connectors.ts";

export function LiveState({ initial }: { initial: ConnectorWithBinds }) {
  return <ConnectorState connector={useLiveConnector(initial)} />;
}

export function LiveBinds({ initial }: { initial: ConnectorWithBinds }) {
  const t = useTranslations("routing");
  const connector = useLiveConnector(initial);
  const { state } = healthOf(connector);
  const isHttp = connector.kind === "http";
  const title = t(isHttp ? "connection" : "binds");
  const columns: Column<Bind>[] = [
    ...(isHttp
      ? []
      : [{ key: "bind", header: t("bindNumber"), cell: (bind: Bind) => t("bindNamed", { number: bind.bindNumber }) }]),
    { key: "state", header: t("stateLabel"), cell: (bind) => <BindBadge state={bind.state} /> },
    { key: "since", header: t("since"), cell: (bind) => <DateTime value={bind.since} precision="second" /> },
    {
      key: "error",
      header: t("lastError"),
      cell: (bind) => <span className="break-words">{bind.lastError ?? t("noError")}</span>,
    },
  ];
  return (
    <section aria-live="polite">
      <h2 className="pb-2.5 font-semibold text-base">{title}</h2>
      {state === "lost" ? (
        <Callout kind="danger" className="mb-2.5">
          {t("lostHint")}
        </Callout>
      ) : null}
      <Table
        caption={title}
        columns={columns}
        rows={connector.status === "disabled" ? [] : connector.binds}
        rowKey={(bind) => String(bind.bindNumber)}
        empty={
          <Callout>
            {t(connector.status === "disabled" ? "disabledHint" : isHttp ? "startingPartnerHint" : "startingHint")}
          </Callout>
        }
      />
    </section>
  );
}
