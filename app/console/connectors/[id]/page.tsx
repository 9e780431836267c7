/** One connector: how it stands, its settings in groups, and the routes that lead over it. */
import { Pencil, Split } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Table } from "#app/_ui/table.tsx";
import { DeleteConnector, DisableConnector, EnableConnector } from "#app/console/connectors/[id]/connector-actions.tsx";
import { ConnectorSettings } from "#app/console/connectors/[id]/connector-settings.tsx";
import { ErrorCodes } from "#app/console/connectors/[id]/error-table.tsx";
import { LiveBinds, LiveState } from "#app/console/connectors/[id]/live-binds.tsx";
import { PartnerSettings } from "#app/console/connectors/[id]/partner-settings.tsx";
import { ReceiptAddress } from "#app/console/connectors/[id]/receipt-address.tsx";
import { TryPartner } from "#app/console/connectors/[id]/try-partner.tsx";
import { routeColumns } from "#app/console/routes/columns.tsx";

type ConnectorPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: ConnectorPageProps) {
  return { title: (await found((await api()).routing.connector({ id: (await params).id }))).name };
}

export default async function ConnectorPage({ params }: ConnectorPageProps) {
  const viewer = await requirePermission("routing.read");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("routing")]);
  const connector = await found(caller.routing.connector({ id }));
  const mayWrite = viewer.may("routing.write");
  const partner = connector.kind === "http" ? await caller.routing.httpConnector({ id }) : null;
  const takesCalls = partner?.description.receipts.kind === "callback" && mayWrite;
  const receipts = takesCalls ? await caller.routing.receiptAddress({ id }) : null;
  const [routes, errors, owner, columns] = await Promise.all([
    caller.routing.routes(),
    caller.routing.connectorErrors({ id }),
    caller.tenants.get({ id: connector.tenantId }),
    routeColumns({ withConnector: false }),
  ]);
  const own = routes.filter((route) => route.connectorId === id);
  const named = { id, name: connector.name };
  return (
    <>
      <PageHeader
        title={connector.name}
        badge={<LiveState initial={connector} />}
        description={t("ownedBy", { name: owner.name })}
        crumbs={[{ label: t("connectors"), href: "/console/connectors" }]}
        actions={
          mayWrite ? (
            <>
              {own.length === 0 ? <DeleteConnector connector={named} /> : null}
              {connector.status === "enabled" ? (
                <DisableConnector connector={named} />
              ) : (
                <EnableConnector connector={named} />
              )}
              <ButtonLink look="primary" href={`/console/connectors/${id}/edit`} icon={<Pencil aria-hidden />}>
                {t("editSettings")}
              </ButtonLink>
            </>
          ) : null
        }
      />
      <div className="flex flex-col gap-5">
        <LiveBinds initial={connector} />
        {partner ? <PartnerSettings {...partner} /> : <ConnectorSettings connector={connector} />}
        {receipts ? <ReceiptAddress connectorId={id} path={receipts.path} /> : null}
        {partner && mayWrite ? <TryPartner connectorId={id} /> : null}
        <ErrorCodes connector={connector} rules={errors} mayWrite={mayWrite} />
        <section>
          <h2 className="pb-2.5 font-semibold text-base">{t("routesOver")}</h2>
          <Table
            caption={t("routesOver")}
            columns={columns}
            rows={own}
            rowKey={(row) => row.id}
            empty={
              <EmptyState
                icon={Split}
                title={t("noRoutesOver")}
                description={t("noRoutesOverHint")}
                action={<ButtonLink href="/console/routes">{t("toRoutes")}</ButtonLink>}
              />
            }
          />
        </section>
      </div>
    </>
  );
}
