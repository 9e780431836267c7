/** Changes a connector's settings. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { EditConnector } from "#app/console/connectors/connector-form.tsx";
import { EditPartner } from "#app/console/connectors/partner-form.tsx";

type EditConnectorPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata() {
  return { title: (await getTranslations("routing"))("editConnector") };
}

export default async function EditConnectorPage({ params }: EditConnectorPageProps) {
  await requirePermission("routing.write");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("routing")]);
  const stored = await found(caller.routing.connector({ id }));
  const partner = stored.kind === "http" ? await caller.routing.httpConnector({ id }) : null;
  const {
    binds: _b,
    kind: _k,
    tenantId: _t,
    createdAt: _c,
    updatedAt: _u,
    status: _s,
    receiptNotation: _n,
    ...connector
  } = stored;
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={t("editConnector")}
        description={t(partner ? "editPartnerLead" : "editConnectorLead")}
        crumbs={[
          { label: t("connectors"), href: "/console/connectors" },
          { label: connector.name, href: `/console/connectors/${id}` },
        ]}
      />
      {partner ? <EditPartner {...partner} /> : <EditConnector connector={connector} />}
    </div>
  );
}
