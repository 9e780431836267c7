/** Sender names: the tenant's own, those that wait for its decision, and all below it. */
import { BadgeCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission, type Viewer } from "#app/_trpc/viewer.ts";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { TabLinks } from "#app/_ui/tabs.tsx";
import { senderColumns } from "#app/console/senders/columns.tsx";
import { RegisterSender } from "#app/console/senders/register-sender.tsx";

const statuses = ["pending", "approved", "rejected", "revoked"] as const;
type View = "own" | "awaiting" | "subtree";
const maxCounted = 200;

export async function generateMetadata() {
  return { title: (await getTranslations("senders"))("title") };
}

export default async function SendersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await requirePermission("senders.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("senders"),
    getTranslations("ui"),
  ]);
  const views = viewsOf(viewer);
  const view = oneOf(params.view, views) ?? "own";
  const status = view === "awaiting" ? undefined : oneOf(params.status, statuses);
  const search = single(params.q)?.slice(0, 40);
  const [page, waiting, columns] = await Promise.all([
    caller.senders.list({ view, status, search, cursor: idParam(params.cursor) }),
    views.includes("awaiting") ? caller.senders.list({ view: "awaiting", limit: maxCounted }) : null,
    senderColumns(view !== "own"),
  ]);
  const hrefOf = (value: View) => (value === "own" ? "/console/senders" : `/console/senders?view=${value}`);
  const counts = { own: undefined, awaiting: waiting?.items.length, subtree: undefined };
  const register = viewer.may("senders.register") ? <RegisterSender isRoot={viewer.tenant.parentId === null} /> : null;
  const options = statuses.map((value) => ({ value, label: ui(`status.${value}`) }));
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} actions={register} />
      <TabLinks
        label={t("title")}
        tabs={views.map((value) => ({ href: hrefOf(value), label: t(`view.${value}`), count: counts[value] }))}
        current={hrefOf(view)}
      />
      <FilterBar
        filters={[
          { kind: "search", name: "q", label: t("search") },
          ...(view === "awaiting" ? [] : [{ kind: "select" as const, name: "status", label: t("status"), options }]),
        ]}
      />
      <Table
        caption={t(`view.${view}`)}
        columns={columns}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/senders/${row.id}`}
        empty={
          status || search ? (
            <EmptyState icon={BadgeCheck} title={ui("nothingMatches")} description={ui("nothingMatchesHint")} />
          ) : (
            <EmptyState
              icon={BadgeCheck}
              title={t(`none.${view}`)}
              description={t(`noneHint.${view}`)}
              action={view === "own" ? register : null}
            />
          )
        }
      />
      <Pager path="/console/senders" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

/** A sub-account seldom has anybody below, but may: then it decides as well. */
function viewsOf(viewer: Viewer): View[] {
  return viewer.may("senders.decide") ? ["own", "awaiting", "subtree"] : ["own", "subtree"];
}
