/** One tenant: what it is, whether it may send, who stands below it. */
import { Network } from "lucide-react";
import { getFormatter, getLocale, getTranslations } from "next-intl/server";
import { isLocale, localeNames } from "#app/_locale/locales.ts";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { Table } from "#app/_ui/table.tsx";
import { TenantFigures } from "#app/console/reports/tenant-figures.tsx";
import { Contract } from "#app/console/tenants/[id]/contract.tsx";
import { EditTenant, ResumeTenant, SuspendTenant } from "#app/console/tenants/[id]/tenant-actions.tsx";
import { TenantLinks } from "#app/console/tenants/[id]/tenant-links.tsx";
import { tenantColumns } from "#app/console/tenants/columns.tsx";
import { CreateTenant } from "#app/console/tenants/create-tenant.tsx";

type TenantPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: TenantPageProps) {
  return { title: (await found((await api()).tenants.get({ id: (await params).id }))).name };
}

export default async function TenantPage({ params }: TenantPageProps) {
  const viewer = await requirePermission("tenants.read");
  const caller = await api();
  const { id } = await params;
  const [tenant, all] = await Promise.all([found(caller.tenants.get({ id })), caller.tenants.list()]);
  const [t, columns] = await Promise.all([getTranslations("tenants"), tenantColumns(viewer.tenant.id)]);
  const children = all.filter((row) => row.parentId === tenant.id).map((row) => ({ ...row, depth: 0 }));
  const isOwn = tenant.id === viewer.tenant.id;
  const crumbs = tenant.path.slice(0, -1).map((step) => ({ label: step.name, href: `/console/tenants/${step.id}` }));
  const create = viewer.may("tenants.write") ? (
    <CreateTenant parents={[{ value: tenant.id, label: tenant.name, kind: tenant.kind }]} within={tenant} />
  ) : null;
  return (
    <>
      <PageHeader
        title={tenant.name}
        badge={<StatusBadge status={tenant.status} />}
        description={t(`kind.${tenant.kind}`)}
        crumbs={[{ label: t("title"), href: "/console/tenants" }, ...crumbs]}
        actions={
          <>
            {viewer.may("tenants.suspend") && !isOwn && tenant.status === "active" ? (
              <SuspendTenant tenant={tenant} />
            ) : null}
            {viewer.may("tenants.suspend") && !isOwn && tenant.status === "suspended" ? (
              <ResumeTenant tenant={tenant} />
            ) : null}
            {viewer.may("tenants.write") ? <EditTenant tenant={tenant} /> : null}
            {create}
          </>
        }
      />
      <div className="flex flex-col gap-5">
        <SuspensionNotice tenant={tenant} />
        {viewer.may("reports.read") ? <TenantFigures tenantId={tenant.id} /> : null}
        <Card title={t("details")}>
          <TenantFacts tenant={tenant} childCount={children.length} />
          <TenantLinks tenantId={tenant.id} viewer={viewer} />
        </Card>
        <Contract tenant={tenant} viewer={viewer} />
        <section>
          <h2 className="pb-2.5 font-semibold text-base">{t("below")}</h2>
          <Table
            caption={t("below")}
            columns={columns}
            rows={children}
            rowKey={(row) => row.id}
            rowHref={(row) => `/console/tenants/${row.id}`}
            empty={
              <EmptyState
                icon={Network}
                title={t("noneBelow", { name: tenant.name })}
                description={t("noneHint")}
                action={create}
              />
            }
          />
        </section>
      </div>
    </>
  );
}

type Shown = Awaited<ReturnType<Awaited<ReturnType<typeof api>>["tenants"]["get"]>>;

async function SuspensionNotice({ tenant }: { tenant: Shown }) {
  const [t, format] = await Promise.all([getTranslations("tenants"), getFormatter()]);
  if (tenant.status === "suspended") {
    const when = tenant.suspendedAt
      ? format.dateTime(tenant.suspendedAt, { dateStyle: "medium", timeStyle: "short" })
      : "";
    return (
      <Callout kind="danger" title={t("isSuspended", { when })}>
        {tenant.suspendReason}
      </Callout>
    );
  }
  return tenant.isSuspendedAbove ? <Callout kind="warning">{t("suspendedAbove")}</Callout> : null;
}

async function TenantFacts({ tenant, childCount }: { tenant: Shown; childCount: number }) {
  const [t, locale] = await Promise.all([getTranslations("tenants"), getLocale()]);
  return (
    <Facts
      facts={[
        { label: t("country"), value: countryName(tenant.country, locale) },
        { label: t("currency"), value: tenant.currency },
        { label: t("timeZone"), value: tenant.timeZone },
        { label: t("language"), value: isLocale(tenant.locale) ? localeNames[tenant.locale] : tenant.locale },
        { label: t("below"), value: t("belowCount", { count: childCount }) },
        { label: t("created"), value: <DateTime value={tenant.createdAt} /> },
        { label: t("id"), value: <CopyValue text={tenant.id} /> },
      ]}
    />
  );
}
