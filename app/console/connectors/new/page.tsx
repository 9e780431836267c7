/** A new connection to a carrier. */
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { TabLinks } from "#app/_ui/tabs.tsx";
import { NewConnector } from "#app/console/connectors/connector-form.tsx";
import { NewPartner } from "#app/console/connectors/partner-form.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("routing"))("newConnector") };
}

type NewConnectorPageProps = { searchParams: Promise<{ kind?: string }> };

const addressOf = (kind: "smpp" | "http") => `/console/connectors/new${kind === "http" ? "?kind=http" : ""}`;

export default async function NewConnectorPage({ searchParams }: NewConnectorPageProps) {
  const viewer = await requirePermission("routing.write");
  const [caller, t, { kind }] = await Promise.all([api(), getTranslations("routing"), searchParams]);
  const isHttp = kind === "http";
  const owners = (await caller.tenants.list())
    .filter((tenant) => tenant.kind === "aggregator" || tenant.kind === "company" || tenant.id === viewer.tenant.id)
    .map((tenant) => ({ value: tenant.id, label: tenant.name }));
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={t("newConnector")}
        description={t(isHttp ? "newPartnerLead" : "newConnectorLead")}
        crumbs={[{ label: t("connectors"), href: "/console/connectors" }]}
      />
      <TabLinks
        label={t("kind")}
        current={addressOf(isHttp ? "http" : "smpp")}
        tabs={(["smpp", "http"] as const).map((kind) => ({ href: addressOf(kind), label: t(`kinds.${kind}`) }))}
      />
      {isHttp ? (
        <NewPartner owners={owners} ownerId={viewer.tenant.id} />
      ) : (
        <NewConnector owners={owners} ownerId={viewer.tenant.id} />
      )}
    </div>
  );
}
