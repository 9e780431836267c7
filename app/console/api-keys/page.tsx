/** API keys of the actor's tenant, or of one below it. */
import { KeyRound } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { keyColumns } from "#app/console/api-keys/columns.tsx";
import { CreateKey } from "#app/console/api-keys/create-key.tsx";
import { NewKeyDialog } from "#app/console/api-keys/new-key-dialog.tsx";
import { ServiceUrl } from "#app/console/api-keys/service-url.tsx";
import { TenantSwitch } from "#app/console/users/tenant-switch.tsx";
import { keyScopes } from "#server/kernel/permissions.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("keys"))("title") };
}

export default async function ApiKeysPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("keys.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("keys")]);
  const tenantId = idParam(params.tenant) ?? viewer.tenant.id;
  const [keys, tenants, senders, service] = await Promise.all([
    found(caller.keys.list({ tenantId })),
    caller.tenants.list(),
    caller.senders.list({ tenantId, status: "approved", limit: 1 }),
    found(caller.branding.serviceUrl({ tenantId })),
  ]);
  const tenant = tenants.find((row) => row.id === tenantId) ?? viewer.tenant;
  const isOwn = tenant.id === viewer.tenant.id;
  const scopes = keyScopes.filter((scope) => viewer.may(scope));
  return (
    <NewKeyDialog sender={senders.items[0]?.name ?? null} serviceUrl={service.url}>
      <PageHeader
        title={t("title")}
        description={isOwn ? t("lead") : t("leadOf", { name: tenant.name })}
        actions={viewer.may("keys.write") ? <CreateKey tenantId={tenant.id} scopes={scopes} /> : null}
      />
      <TenantSwitch label={t("tenant")} tenants={tenants} current={tenantId} />
      <ServiceUrl url={service.url} lead={isOwn ? t("serviceUrlLead") : t("serviceUrlLeadOf", { name: tenant.name })} />
      <Table
        caption={t("title")}
        columns={await keyColumns(viewer)}
        rows={keys}
        rowKey={(row) => row.id}
        empty={
          <EmptyState
            icon={KeyRound}
            title={t("none")}
            description={t(viewer.may("keys.write") ? "noneHint" : "noneHintReader")}
          />
        }
      />
    </NewKeyDialog>
  );
}
