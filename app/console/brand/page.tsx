/** How the platform looks to a tenant's people: name, colours, logo, addresses; the own tenant's or a descendant's. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Card } from "#app/_ui/card.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { BrandForm } from "#app/console/brand/brand-form.tsx";
import { Hosts } from "#app/console/brand/hosts.tsx";
import { Logo } from "#app/console/brand/logo.tsx";
import { TenantSwitch } from "#app/console/users/tenant-switch.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("brand"))("title") };
}

export default async function BrandPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("branding.write");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("brand")]);
  const tenantId = idParam(params.tenant) ?? viewer.tenant.id;
  const [settings, tenants] = await Promise.all([found(caller.branding.get({ tenantId })), caller.tenants.list()]);
  const tenant = tenants.find((row) => row.id === tenantId) ?? viewer.tenant;
  const isOwn = tenant.id === viewer.tenant.id;
  return (
    <>
      <PageHeader title={t("title")} description={isOwn ? t("lead") : t("leadOf", { name: tenant.name })} />
      <TenantSwitch label={t("tenant")} tenants={tenants} current={tenantId} />
      {/* Another tenant's forms are other forms: nothing typed for one is carried to the next. */}
      <div key={tenantId} className="flex flex-col gap-5">
        {settings.own ? null : (
          <Callout title={t("inherited", { name: settings.shown.productName })}>{t("inheritedHint")}</Callout>
        )}
        <Card title={t("nameAndColors")} description={t("nameAndColorsLead")}>
          <BrandForm
            tenantId={tenantId}
            values={
              settings.own ?? { ...settings.shown, productName: tenant.name, supportEmail: null, emailFromName: null }
            }
          />
        </Card>
        <Card title={t("logo")} description={t("logoLead")}>
          <Logo tenantId={tenantId} version={settings.own?.logoVersion ?? null} name={tenant.name} />
        </Card>
        <Card title={t("hosts")} description={t("hostsLead")}>
          <Hosts tenantId={tenantId} hosts={settings.hosts} isTrusted={!isOwn || tenant.parentId === null} />
        </Card>
      </div>
    </>
  );
}
