/** One recipient list: its figures, its recipients, and the rows that were rejected with the reason of each. */
import { Download, Send } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink, buttonLook } from "#app/_ui/button.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { TabLinks } from "#app/_ui/tabs.tsx";
import { ImportProgress } from "#app/console/recipients/[id]/import-progress.tsx";
import { DeleteList, RenameList } from "#app/console/recipients/[id]/list-actions.tsx";
import { RecipientRows } from "#app/console/recipients/[id]/recipient-rows.tsx";
import { RejectedRows } from "#app/console/recipients/[id]/rejected-rows.tsx";
import { ImportFailure } from "#app/console/recipients/import-failure.tsx";
import { ListFigures } from "#app/console/recipients/list-figures.tsx";
import { ListStatus } from "#app/console/recipients/list-status.tsx";

type ListPageProps = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };
const views = ["recipients", "rejected"] as const;

export async function generateMetadata({ params }: ListPageProps) {
  return { title: (await found((await api()).contacts.list({ id: (await params).id }))).name };
}

export default async function ListPage({ params, searchParams }: ListPageProps) {
  const viewer = await requirePermission("contacts.read");
  const [caller, { id }, query, t] = await Promise.all([api(), params, searchParams, getTranslations("contacts")]);
  const list = await found(caller.contacts.list({ id }));
  const isMine = list.tenantId === viewer.tenant.id && viewer.may("contacts.write");
  const view = oneOf(query.view, views) ?? "recipients";
  const path = `/console/recipients/${id}`;
  const rejected = list.rowCount - list.acceptedCount;
  const after = Math.max(0, Math.trunc(Number(single(query.cursor) ?? 0)) || 0);
  return (
    <>
      <PageHeader
        title={list.name}
        badge={<ListStatus status={list.status} />}
        crumbs={[{ label: t("title"), href: "/console/recipients" }]}
        actions={
          <>
            {isMine ? <DeleteList list={list} /> : null}
            {isMine ? <RenameList list={list} /> : null}
            {list.status === "ready" && list.acceptedCount > 0 && isMine && viewer.may("campaigns.write") ? (
              <ButtonLink look="primary" href={`/console/campaigns/new?list=${id}`} icon={<Send aria-hidden />}>
                {t("useInCampaign")}
              </ButtonLink>
            ) : null}
          </>
        }
      />
      <div className="flex flex-col gap-5">
        {list.status === "importing" ? <ImportProgress id={id} /> : null}
        {list.status === "failed" ? (
          <ImportFailure
            failure={list.failure ?? ""}
            action={
              isMine ? (
                <ButtonLink size="sm" href={`/console/recipients/new?again=${id}`}>
                  {t("uploadAgainShort")}
                </ButtonLink>
              ) : null
            }
          />
        ) : null}
        <ListFigures list={list} />
        <Card title={t("details")}>
          <Facts
            facts={[
              { label: t("file"), value: list.fileName },
              { label: t("variables"), value: list.fields.length > 0 ? list.fields.join(", ") : t("noVariables") },
              { label: t("uploadedOn"), value: <DateTime value={list.createdAt} /> },
              { label: t("id"), value: <CopyValue text={list.id} /> },
            ]}
          />
        </Card>
        <section>
          <TabLinks
            label={t("rows")}
            current={view === "recipients" ? path : `${path}?view=rejected`}
            tabs={[
              { href: path, label: t("recipientsTab"), count: list.acceptedCount },
              { href: `${path}?view=rejected`, label: t("rejected"), count: rejected },
            ]}
          />
          {view === "rejected" && rejected > 0 ? (
            <p className="pb-3">
              <a className={buttonLook({ size: "sm" })} href={`/api/exports/rejected-rows/${id}`} download>
                <Download aria-hidden />
                {t("downloadRejected")}
              </a>
            </p>
          ) : null}
          {view === "recipients" ? (
            <RecipientRows list={list} after={after} query={query} />
          ) : (
            <RejectedRows list={list} after={after} query={query} />
          )}
        </section>
      </div>
    </>
  );
}
