/** Endpoints of the actor's tenant, or of one below it. */
import { Webhook } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { TenantSwitch } from "#app/console/users/tenant-switch.tsx";
import { webhookColumns } from "#app/console/webhooks/columns.tsx";
import { CreateWebhook } from "#app/console/webhooks/create-webhook.tsx";
import { SecretDialog } from "#app/console/webhooks/secret-dialog.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("webhooks"))("title") };
}

export default async function WebhooksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("webhooks.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("webhooks")]);
  const tenantId = idParam(params.tenant) ?? viewer.tenant.id;
  const [webhooks, tenants] = await Promise.all([found(caller.webhooks.list({ tenantId })), caller.tenants.list()]);
  const tenant = tenants.find((row) => row.id === tenantId) ?? viewer.tenant;
  const mayWrite = viewer.may("webhooks.write");
  return (
    <SecretDialog>
      <PageHeader
        title={t("title")}
        description={tenant.id === viewer.tenant.id ? t("lead") : t("leadOf", { name: tenant.name })}
        actions={mayWrite ? <CreateWebhook tenantId={tenant.id} /> : null}
      />
      <TenantSwitch label={t("tenant")} tenants={tenants} current={tenantId} />
      <Table
        caption={t("title")}
        columns={await webhookColumns()}
        rows={webhooks}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/webhooks/${row.id}`}
        empty={
          <EmptyState icon={Webhook} title={t("none")} description={t(mayWrite ? "noneHint" : "noneHintReader")} />
        }
      />
    </SecretDialog>
  );
}
