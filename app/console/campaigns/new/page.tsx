/** The first step of a campaign: its name. The draft that it makes is composed on its own page. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Card } from "#app/_ui/card.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { idParam, type SearchParams } from "#app/_ui/search-params.ts";
import { StartCampaign } from "#app/console/campaigns/new/start-campaign.tsx";

export async function generateMetadata() {
  return { title: (await getTranslations("campaigns"))("new") };
}

export default async function NewCampaignPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requirePermission("campaigns.write");
  const [caller, params, t] = await Promise.all([api(), searchParams, getTranslations("campaigns")]);
  const listId = idParam(params.list);
  const [list, senders] = await Promise.all([
    listId ? found(caller.contacts.list({ id: listId })) : null,
    caller.senders.list({ status: "approved", limit: 200 }),
  ]);
  const [onlySender, ...otherSenders] = senders.items;
  return (
    <>
      <PageHeader
        title={t("new")}
        description={t("newLead")}
        crumbs={[{ label: t("title"), href: "/console/campaigns" }]}
      />
      <Card className="max-w-xl">
        <StartCampaign
          name={list?.name ?? ""}
          listId={list?.id}
          senderId={otherSenders.length === 0 ? onlySender?.id : undefined}
        />
      </Card>
    </>
  );
}
