/** Messages of the actor's tenant and below: found by any id or number, filtered, exported. */
import { CircleHelp, Download, MessageSquareText, Send } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission, type Viewer } from "#app/_trpc/viewer.ts";
import { ButtonLink, buttonLook } from "#app/_ui/button.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { type Filter, FilterBar } from "#app/_ui/filter-bar.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { hrefWith, idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { Table } from "#app/_ui/table.tsx";
import { messageColumns } from "#app/console/messages/columns.tsx";
import { exportHref, messageFilters } from "#app/console/messages/filters.ts";
import { messageStatus, trafficClass } from "#server/domain/messages/input.ts";

type ListParams = { searchParams: Promise<SearchParams> };

export async function generateMetadata() {
  return { title: (await getTranslations("messages"))("title") };
}

export default async function MessagesPage({ searchParams }: ListParams) {
  const viewer = await requirePermission("messages.read");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("messages")]);
  const filters = messageFilters(params, viewer.tenant.timeZone);
  const [page, tenants] = await Promise.all([
    caller.messages.list({ ...filters, cursor: idParam(params.cursor) }),
    caller.tenants.list(),
  ]);
  const send = viewer.may("messages.send") ? (
    <ButtonLink look="primary" href="/console/messages/send" icon={<Send aria-hidden />}>
      {t("send")}
    </ButtonLink>
  ) : null;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <PageHeader
        title={t("title")}
        description={t("lead")}
        actions={
          <>
            <ButtonLink href={whyHref(filters.search)} icon={<CircleHelp aria-hidden />}>
              {t("why")}
            </ButtonLink>
            <a className={buttonLook({})} href={exportHref(filters)} download>
              <Download aria-hidden />
              {t("exportCsv")}
            </a>
            {send}
          </>
        }
      />
      <FilterBar filters={await filterBoxes(tenants)} />
      <RangeNote viewer={viewer} filters={filters} params={params} />
      <Table
        caption={t("title")}
        columns={await messageColumns(tenants.length > 1)}
        rows={page.items}
        rowKey={(row) => row.id}
        rowHref={(row) => `/console/messages/${row.id}`}
        empty={
          <EmptyState
            icon={MessageSquareText}
            title={isFiltered ? t("noneFound") : t("none")}
            description={isFiltered ? t("noneFoundHint") : t("noneHint")}
            action={isFiltered ? null : send}
          />
        }
      />
      <Pager path="/console/messages" params={params} nextCursor={page.nextCursor} count={page.items.length} />
    </>
  );
}

const whyHref = (search: string | undefined): string =>
  search ? `/console/why?q=${encodeURIComponent(search)}` : "/console/why";

async function filterBoxes(tenants: { id: string; name: string }[]): Promise<Filter[]> {
  const [t, ui, operators] = await Promise.all([
    getTranslations("messages"),
    getTranslations("ui"),
    api().then((caller) => caller.routing.operators()),
  ]);
  const ofTenants: Filter[] = [
    {
      kind: "select",
      name: "tenant",
      label: t("tenant"),
      options: tenants.map((row) => ({ value: row.id, label: row.name })),
    },
    { kind: "select", name: "scope", label: t("scope"), options: [{ value: "self", label: t("scopeSelf") }] },
  ];
  return [
    { kind: "search", name: "q", label: t("searchAny") },
    { kind: "search", name: "sender", label: t("sender") },
    {
      kind: "select",
      name: "status",
      label: t("status"),
      options: messageStatus.options.map((value) => ({ value, label: ui(`status.${value}`) })),
    },
    {
      kind: "select",
      name: "class",
      label: t("class"),
      options: trafficClass.options.map((value) => ({ value, label: t(`classes.${value}`) })),
    },
    {
      kind: "select",
      name: "operator",
      label: t("operator"),
      options: operators.map((row) => ({ value: row.id, label: `${row.country} · ${row.name}` })),
    },
    ...(tenants.length > 1 ? ofTenants : []),
    { kind: "date", name: "from", label: t("from") },
    { kind: "date", name: "to", label: t("until") },
  ];
}

type RangeNoteProps = { viewer: Viewer; filters: ReturnType<typeof messageFilters>; params: SearchParams };

/** What the list leaves out without being told to, and the one filter that has no box. */
async function RangeNote({ viewer, filters, params }: RangeNoteProps) {
  const t = await getTranslations("messages");
  const isRecentOnly = filters.from === undefined && filters.search === undefined;
  return (
    <p className="flex flex-wrap items-center gap-x-3 pb-2 text-ink-faint text-xs">
      <span>
        {isRecentOnly ? t("recentOnly") : null} {t("zoneNote", { zone: viewer.tenant.timeZone })}
      </span>
      {filters.campaignId ? (
        <span>
          {t("oneCampaign")}{" "}
          <ButtonLink
            look="link"
            size="sm"
            href={hrefWith("/console/messages", params, { campaign: undefined, cursor: undefined, trail: undefined })}
          >
            {t("allCampaigns")}
          </ButtonLink>
        </span>
      ) : null}
    </p>
  );
}
