/** Content that waits for a decision, and what was decided. */
import { ShieldCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, oneOf, type SearchParams } from "#app/_ui/search-params.ts";
import { CaseQueue } from "#app/console/moderation/case-queue.tsx";
import { ModerationTabs } from "#app/console/moderation/moderation-tabs.tsx";

const statuses = ["open", "approved", "rejected", "withdrawn"] as const;
const maxCounted = 200;
const pageCases = 20;

export async function generateMetadata() {
  return { title: (await getTranslations("moderation"))("title") };
}

export default async function ModerationPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requirePermission("moderation.read");
  const [caller, params, t, ui] = await Promise.all([
    api(),
    searchParams,
    getTranslations("moderation"),
    getTranslations("ui"),
  ]);
  const tab = oneOf(params.tab, ["open", "all"] as const) ?? "mine";
  const status = oneOf(params.status, statuses);
  const filter = { mine: { mineToDecide: true }, open: { status: "open" as const }, all: { status } }[tab];
  const [page, waiting] = await Promise.all([
    caller.moderation.listCases({ ...filter, cursor: idParam(params.cursor), limit: pageCases }),
    caller.moderation.listCases({ mineToDecide: true, limit: maxCounted }),
  ]);
  return (
    <>
      <PageHeader title={t("title")} description={t("lead")} />
      <ModerationTabs current={tab} waiting={waiting.items.length} />
      {tab === "all" ? (
        <FilterBar
          filters={[
            {
              kind: "select",
              name: "status",
              label: t("status"),
              options: statuses.map((value) => ({ value, label: ui(`status.${value}`) })),
            },
          ]}
        />
      ) : null}
      {page.items.length > 0 ? (
        <CaseQueue cases={page.items} />
      ) : (
        <EmptyState
          icon={ShieldCheck}
          title={t(`none.${tab}`)}
          description={t(`noneHint.${tab}`)}
          action={<ButtonLink href="/console/moderation/policy">{t("tab.policy")}</ButtonLink>}
        />
      )}
      <Pager path="/console/moderation" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}
