/** Sends one message: written, counted, priced without sending, and sent. */
import { AtSign } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Card } from "#app/_ui/card.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { SendMessage } from "#app/console/messages/send/send-message.tsx";

/** A tenant has a handful of names; more than fit a list are found by typing. */
const maxSenders = 200;

export async function generateMetadata() {
  return { title: (await getTranslations("messages"))("sendTitle") };
}

export default async function SendPage() {
  const viewer = await requirePermission("messages.send");
  const [caller, t] = await Promise.all([api(), getTranslations("messages")]);
  const senders = await caller.senders.list({ view: "own", status: "approved", limit: maxSenders });
  return (
    <>
      <PageHeader
        title={t("sendTitle")}
        description={t(viewer.seesMoney ? "sendLead" : "sendLeadOnly")}
        crumbs={[{ label: t("title"), href: "/console/messages" }]}
      />
      {senders.items.length === 0 ? (
        <EmptyState
          icon={AtSign}
          title={t("noSenders")}
          description={t("noSendersHint")}
          action={
            <ButtonLink look="primary" href="/console/senders">
              {t("registerSender")}
            </ButtonLink>
          }
        />
      ) : (
        <Card className="max-w-2xl">
          <SendMessage senders={senders.items.map((sender) => sender.name)} seesMoney={viewer.seesMoney} />
        </Card>
      )}
    </>
  );
}
