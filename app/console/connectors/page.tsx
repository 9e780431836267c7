/** Connections to carriers, with the live state of their binds. */
import { Cable, Plus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { ConnectorList } from "#app/console/connectors/connector-list.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("routing"))("connectors") };
}

export default async function ConnectorsPage() {
  const viewer = await requirePermission("routing.read");
  const [caller, t] = await Promise.all([api(), getTranslations("routing")]);
  const [connectors, tenants] = await Promise.all([caller.routing.connectors(), caller.tenants.list()]);
  const owning = new Set(connectors.map((connector) => connector.tenantId));
  const owners = Object.fromEntries(tenants.filter((row) => owning.has(row.id)).map((row) => [row.id, row.name]));
  const create = viewer.may("routing.write") ? (
    <ButtonLink look="primary" href="/console/connectors/new" icon={<Plus aria-hidden />}>
      {t("newConnector")}
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader title={t("connectors")} description={t("connectorsLead")} actions={create} />
      <ConnectorList
        initial={connectors}
        owners={owners}
        empty={
          <EmptyState icon={Cable} title={t("noConnectors")} description={t("noConnectorsHint")} action={create} />
        }
      />
    </>
  );
}
