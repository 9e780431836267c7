/** Campaigns of the tenant, or of everybody below it too. */
import { Plus, Send } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { TabLinks } from "#app/_ui/tabs.tsx";
import { campaignColumns } from "#app/console/campaigns/columns.tsx";
import { campaignStatus } from "#server/domain/campaigns/input.ts";

const scopes = ["self", "subtree"] as const;
const maxSearch = 120;

export async function generateMetadata() {
  return { title: (await getTranslations("campaigns"))("title") };
}

export default async function CampaignsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("campaigns.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("campaigns"),
    getTranslations("ui"),
  ]);
  const scope = oneOf(params.scope, scopes) ?? "self";
  const status = oneOf(params.status, campaignStatus.options);
  const search = single(params.q)?.slice(0, maxSearch);
  const [page, columns] = await Promise.all([
    caller.campaigns.list({ scope, status: status ? [status] : undefined, search, cursor: idParam(params.cursor) }),
    campaignColumns(scope === "subtree"),
  ]);
  const create = viewer.may("campaigns.write") ? (
    <ButtonLink look="primary" href="/console/campaigns/new" icon={<Plus aria-hidden />}>
      {t("new")}
    </ButtonLink>
  ) : null;
  const hrefOf = (value: string) => (value === "self" ? "/console/campaigns" : `/console/campaigns?scope=${value}`);
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} actions={create} />
      <TabLinks
        label={t("title")}
        tabs={scopes.map((value) => ({ href: hrefOf(value), label: t(`scope.${value}`) }))}
        current={hrefOf(scope)}
      />
      <FilterBar
        filters={[
          { kind: "search", name: "q", label: t("search") },
          {
            kind: "select",
            name: "status",
            label: t("status"),
            options: campaignStatus.options.map((value) => ({ value, label: t(`statusOf.${value}`) })),
          },
        ]}
      />
      <Table
        caption={t("title")}
        columns={columns}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/campaigns/${row.id}`}
        empty={
          status || search ? (
            <EmptyState icon={Send} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />
          ) : (
            <EmptyState
              icon={Send}
              title={t(`none.${scope}`)}
              description={t(`noneHint.${scope}`)}
              action={scope === "self" ? create : null}
            />
          )
        }
      />
      <Pager path="/console/campaigns" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}
