/** What is screened at a tenant: its own mode, what holds for it, and its keyword filters. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Badge } from "#app/_ui/badge.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card } from "#app/_ui/card.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { ModerationTabs } from "#app/console/moderation/moderation-tabs.tsx";
import { AddFilter } from "#app/console/moderation/policy/add-filter.tsx";
import { FilterTable } from "#app/console/moderation/policy/filter-table.tsx";
import { LastChange } from "#app/console/moderation/policy/last-change.tsx";
import { ModeForm } from "#app/console/moderation/policy/mode-form.tsx";
import { TenantPicker } from "#app/console/moderation/policy/tenant-picker.tsx";
import { TestText } from "#app/console/moderation/policy/test-text.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("moderation"))("tab.policy") };
}

export default async function PolicyPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("moderation.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("moderation")]);
  const tenantId = idParam(params.tenant) ?? viewer.tenant.id;
  const [policy, filters, tenants] = await Promise.all([
    found(caller.moderation.getPolicy({ tenantId })),
    found(caller.moderation.listFilters({ tenantId })),
    caller.tenants.list(),
  ]);
  const mayWrite = viewer.may("moderation.write");
  const name = tenants.find((tenant) => tenant.id === tenantId)?.name ?? "";
  const stricter = policy.own === policy.effective ? null : policy.setBy;
  const mode = t(`mode.${policy.effective}`);
  return (
    <>
      <PageHeader title={t("title")} description={t("policyLead")} />
      <ModerationTabs current="policy" />
      <div className="flex flex-col gap-5">
        {tenants.length > 1 ? (
          <TenantPicker
            value={tenantId}
            ownId={viewer.tenant.id}
            options={tenants.map((tenant) => ({ value: tenant.id, label: tenant.name }))}
          />
        ) : null}
        <Card
          title={t("modeTitle", { name })}
          description={t("modeLead")}
          actions={<Badge tone={policy.effective === "off" ? "neutral" : "info"}>{mode}</Badge>}
        >
          {stricter ? (
            <Callout className="mb-4">
              {stricter.by === "tenant" ? t("stricterBy", { name: stricter.name, mode }) : t("stricterAbove", { mode })}
            </Callout>
          ) : null}
          <ModeForm key={tenantId} policy={policy} mayWrite={mayWrite}>
            <LastChange tenantId={tenantId} />
          </ModeForm>
        </Card>
        <Card
          title={t("filtersTitle", { name })}
          description={t(policy.effective === "off" ? "filtersSleeping" : "filtersLead")}
          actions={mayWrite ? <AddFilter tenantId={tenantId} /> : null}
        >
          <FilterTable
            filters={filters}
            mayWrite={mayWrite}
            add={mayWrite ? <AddFilter tenantId={tenantId} /> : null}
          />
        </Card>
        {filters.length > 0 ? (
          <Card title={t("testTitle")} description={t("testLead")}>
            <TestText filters={filters.map(({ id, phrase, action }) => ({ id, phrase, action }))} />
          </Card>
        ) : null}
      </div>
    </>
  );
}
