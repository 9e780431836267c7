/** SMPP accounts of the actor's tenant, or of one below it. */
import { Cable } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { AccountList } from "#app/console/smpp-accounts/account-list.tsx";
import { CreateAccount } from "#app/console/smpp-accounts/create-account.tsx";
import { NewPasswordDialog } from "#app/console/smpp-accounts/new-password-dialog.tsx";
import { TenantSwitch } from "#app/console/users/tenant-switch.tsx";
import { env } from "#env.ts";

export async function generateMetadata() {
  return { title: (await getTranslations("smpp"))("title") };
}

export default async function SmppAccountsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("keys.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("smpp")]);
  const tenantId = idParam(params.tenant) ?? viewer.tenant.id;
  const [accounts, tenants] = await Promise.all([found(caller.smppAccounts.list({ tenantId })), caller.tenants.list()]);
  const tenant = tenants.find((row) => row.id === tenantId) ?? viewer.tenant;
  const mayWrite = viewer.may("keys.write");
  return (
    <NewPasswordDialog port={env.SMPP_PORT}>
      <PageHeader
        title={t("title")}
        description={tenant.id === viewer.tenant.id ? t("lead") : t("leadOf", { name: tenant.name })}
        actions={mayWrite ? <CreateAccount tenantId={tenant.id} /> : null}
      />
      <TenantSwitch label={t("tenant")} tenants={tenants} current={tenantId} />
      <AccountList
        key={tenantId}
        tenantId={tenantId}
        initial={accounts}
        mayWrite={mayWrite}
        empty={<EmptyState icon={Cable} title={t("none")} description={t(mayWrite ? "noneHint" : "noneHintReader")} />}
      />
    </NewPasswordDialog>
  );
}
