/** Composes a draft; what was submitted already is looked at on its own page. */
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { CampaignStatus } from "#app/console/campaigns/campaign-status.tsx";
import { Composer } from "#app/console/campaigns/compose/composer.tsx";

type EditPageProps = { params: Promise<{ id: string }> };

const maxChoices = 200;

export async function generateMetadata() {
  return { title: (await getTranslations("campaigns"))("compose") };
}

export default async function EditCampaignPage({ params }: EditPageProps) {
  const viewer = await requirePermission("campaigns.write");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("campaigns")]);
  const campaign = await found(caller.campaigns.get({ id }));
  if (!campaign.isOwn || !campaign.steps.includes("revise")) redirect(`/console/campaigns/${id}`);
  const [senders, lists, operators] = await Promise.all([
    caller.senders.list({ status: "approved", limit: maxChoices }),
    viewer.may("contacts.read") ? caller.contacts.lists({ limit: maxChoices }) : { items: [] },
    caller.routing.operators(),
  ]);
  const { name, senderId, template, scheduledAt, timeZone } = campaign;
  const trafficClass = campaign.trafficClass === "bulk" ? "bulk" : "transactional";
  return (
    <>
      <PageHeader
        title={campaign.name}
        badge={<CampaignStatus status={campaign.status} />}
        crumbs={[{ label: t("title"), href: "/console/campaigns" }]}
      />
      {campaign.status === "rejected" ? (
        <Callout kind="danger" className="mb-5" title={t("notice.rejected")}>
          {campaign.statusReason}
        </Callout>
      ) : null}
      <Composer
        id={id}
        initial={{ name, trafficClass, senderId, template, scheduledAt, timeZone }}
        list={campaign.listId ? { id: campaign.listId, fields: campaign.fields, count: campaign.recipientCount } : null}
        senders={senders.items.map((sender) => ({ id: sender.id, name: sender.name }))}
        lists={lists.items
          .filter((list) => list.status === "ready" && list.acceptedCount > 0)
          .map((list) => ({ id: list.id, name: list.name, count: list.acceptedCount }))}
        operatorNames={Object.fromEntries(operators.map((operator) => [operator.id, operator.name]))}
        tenantNames={{ [viewer.tenant.id]: viewer.tenant.name }}
        tenant={{ country: viewer.tenant.country, timeZone: viewer.tenant.timeZone }}
        mayUpload={viewer.may("contacts.write")}
      />
    </>
  );
}
