/** People of the actor's tenant, or of one below it: who may do what, invitations, locks. */
import { Users } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { userColumns } from "#app/console/users/columns.tsx";
import { InviteUser } from "#app/console/users/invite-user.tsx";
import { TenantSwitch } from "#app/console/users/tenant-switch.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("users"))("title") };
}

export default async function UsersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("users.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("users")]);
  const tenantId = idParam(params.tenant) ?? viewer.tenant.id;
  const [page, tenants] = await Promise.all([
    found(caller.users.list({ tenantId, cursor: idParam(params.cursor) })),
    caller.tenants.list(),
  ]);
  const tenant = tenants.find((row) => row.id === tenantId) ?? viewer.tenant;
  const invite = viewer.may("users.write") ? (
    <InviteUser tenant={{ id: tenant.id, name: tenant.name }} asOwner={viewer.user.role === "owner"} />
  ) : null;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={tenant.id === viewer.tenant.id ? t("lead") : t("leadOf", { name: tenant.name })}
        actions={invite}
      />
      <TenantSwitch label={t("tenant")} tenants={tenants} current={tenantId} />
      <Table
        caption={t("title")}
        columns={await userColumns(viewer)}
        rows={page.items}
        rowKey={(row) => row.id}
        empty={<EmptyState icon={Users} title={t("none")} description={t("noneHint")} action={invite} />}
      />
      <Pager path="/console/users" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}
