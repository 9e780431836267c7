/** A new connection to a carrier. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { NewConnector } from "#app/console/connectors/connector-form.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("routing"))("newConnector") };
}

export default async function NewConnectorPage() {
  const viewer = await requirePermission("routing.write");
  const [caller, t] = await Promise.all([api(), getTranslations("routing")]);
  const owners = (await caller.tenants.list())
    .filter((tenant) => tenant.kind === "aggregator" || tenant.kind === "company" || tenant.id === viewer.tenant.id)
    .map((tenant) => ({ value: tenant.id, label: tenant.name }));
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={t("newConnector")}
        description={t("newConnectorLead")}
        crumbs={[{ label: t("connectors"), href: "/console/connectors" }]}
      />
      <NewConnector owners={owners} ownerId={viewer.tenant.id} />
    </div>
  );
}
