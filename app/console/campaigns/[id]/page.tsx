/** One campaign: how far it is, what it sends to whom, and what went wrong. */
import { MessagesSquare } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import type { SearchParams } from "#app/_ui/search-params.ts";
import { CampaignActions } from "#app/console/campaigns/[id]/campaign-actions.tsx";
import { CampaignNotice } from "#app/console/campaigns/[id]/campaign-notice.tsx";
import { LiveProgress } from "#app/console/campaigns/[id]/live-progress.tsx";
import { LiveStatus } from "#app/console/campaigns/[id]/live-status.tsx";
import { Refusals } from "#app/console/campaigns/[id]/refusals.tsx";
import { LiveQuote } from "#app/console/campaigns/live-quote.tsx";
import type { CampaignDetail } from "#server/domain/campaigns/get.ts";

type CampaignPageProps = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

/** Not launched yet, and complete: what it would cost is worth asking. */
const quoted = ["in_review", "scheduled"];

export async function generateMetadata({ params }: CampaignPageProps) {
  return { title: (await found((await api()).campaigns.get({ id: (await params).id }))).name };
}

export default async function CampaignPage({ params, searchParams }: CampaignPageProps) {
  const viewer = await requirePermission("campaigns.read");
  const [caller, { id }, query, t] = await Promise.all([api(), params, searchParams, getTranslations("campaigns")]);
  const campaign = await found(caller.campaigns.get({ id }));
  const [progress, operators, tenants] = await Promise.all([
    caller.campaigns.progress({ id }),
    caller.routing.operators(),
    caller.tenants.list(),
  ]);
  return (
    <>
      <PageHeader
        title={campaign.name}
        badge={<LiveStatus initial={progress} />}
        description={campaign.isOwn ? undefined : campaign.tenantName}
        crumbs={[{ label: t("title"), href: "/console/campaigns" }]}
        actions={
          <>
            {campaign.launchedAt && viewer.may("messages.read") ? (
              <ButtonLink href={`/console/messages?campaign=${id}`} icon={<MessagesSquare aria-hidden />}>
                {t("messages")}
              </ButtonLink>
            ) : null}
            <CampaignActions
              campaign={campaign}
              mayWrite={viewer.may("campaigns.write")}
              sent={progress.sent}
              recipients={progress.recipients}
            />
          </>
        }
      />
      <div className="flex flex-col gap-5">
        <CampaignNotice campaign={campaign} progress={progress} />
        <LiveProgress initial={progress} />
        {quoted.includes(campaign.status) ? (
          <Card title={t("quote.title")} description={t("quote.lead")}>
            <LiveQuote
              id={id}
              version={0}
              operatorNames={Object.fromEntries(operators.map((operator) => [operator.id, operator.name]))}
              tenantNames={Object.fromEntries(tenants.map((tenant) => [tenant.id, tenant.name]))}
            />
          </Card>
        ) : null}
        <Card title={t("content")}>
          <p className="whitespace-pre-wrap break-words rounded-lg bg-subtle px-3 py-2.5 text-base text-ink">
            {campaign.template || t("noText")}
          </p>
          <CampaignFacts campaign={campaign} />
        </Card>
        <Refusals id={id} query={query} />
      </div>
    </>
  );
}

async function CampaignFacts({ campaign }: { campaign: CampaignDetail }) {
  const t = await getTranslations("campaigns");
  const { listId, listName, launchedAt, finishedAt } = campaign;
  const list =
    listId && campaign.isOwn ? (
      <ButtonLink look="link" href={`/console/recipients/${listId}`}>
        {listName}
      </ButtonLink>
    ) : (
      (listName ?? "–")
    );
  return (
    <Facts
      className="mt-4"
      facts={[
        { label: t("sender"), value: <span className="font-mono">{campaign.senderName ?? "–"}</span> },
        { label: t("list"), value: list },
        { label: t("recipients"), value: <Count value={campaign.recipientCount} /> },
        { label: t("trafficClass"), value: t(`class.${campaign.trafficClass}`) },
        { label: t("created"), value: <DateTime value={campaign.createdAt} /> },
        { label: t("launched"), value: <DateTime value={launchedAt} /> },
        { label: t("finished"), value: <DateTime value={finishedAt} /> },
        { label: t("id"), value: <CopyValue text={campaign.id} /> },
      ]}
    />
  );
}
