/** All that is to be said of one message: in plain words, step by step, its text, its facts, its money. */
import Link from "next/link";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { requireViewer } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, type Fact } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { causeOf } from "#app/console/messages/[id]/explain.ts";
import { MessageMoney } from "#app/console/messages/[id]/message-money.tsx";
import { Timeline } from "#app/console/messages/[id]/timeline.tsx";
import type { MessageWithTimeline } from "#server/domain/messages/get.ts";
import type { Story } from "#server/domain/messages/story.ts";

/** @property names of the tenants in the reader's scope */
type MessageViewProps = { story: Story; names: Map<string, string> };

export function MessageView({ story, names }: MessageViewProps) {
  const t = useTranslations("messages");
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <Explanation message={story} />
        <Card title={t("why")}>
          <Timeline story={story} names={names} />
        </Card>
        <Card title={t("text")}>
          <p className="whitespace-pre-wrap break-words text-base text-ink">{story.text}</p>
          <p className="mt-3 text-ink-faint text-xs">
            {t("size", { parts: story.parts, encoding: t(`encoding.${story.encoding}`) })}
          </p>
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <Card title={t("details")}>
          <MessageFacts message={story} />
        </Card>
        <MoneyCard story={story} names={names} />
      </div>
    </div>
  );
}

async function MoneyCard({ story, names }: MessageViewProps) {
  const [viewer, t] = await Promise.all([requireViewer(), getTranslations("messages")]);
  if (!viewer.seesMoney) return null;
  return (
    <Card title={t("money")} description={t("moneyLead")}>
      <MessageMoney edges={story.money} names={names} />
    </Card>
  );
}

const calloutKinds: Partial<Record<MessageWithTimeline["status"], "success" | "warning" | "danger">> = {
  delivered: "success",
  review: "warning",
  unknown: "warning",
  undelivered: "danger",
  failed: "danger",
  rejected: "danger",
};

/** In plain words: what the status means, what the code means, and what to do. */
async function Explanation({ message }: { message: MessageWithTimeline }) {
  const t = await getTranslations("messages");
  const { status, errorCode } = message;
  const cause = errorCode === null ? null : causeOf(errorCode);
  return (
    <Callout kind={calloutKinds[status] ?? "info"} title={t(`meaning.${status}.what`)}>
      <p>{cause ? t(`cause.${cause}.what`, { code: errorCode ?? "" }) : t(`meaning.${status}.todo`)}</p>
      {cause ? <p className="mt-1">{t(`cause.${cause}.todo`)}</p> : null}
      {message.possibleDuplicate ? <p className="mt-1">{t("possibleDuplicate")}</p> : null}
    </Callout>
  );
}

async function MessageFacts({ message }: { message: MessageWithTimeline }) {
  const t = await getTranslations("messages");
  const campaign = message.campaignId ? (
    <Link href={`/console/campaigns/${message.campaignId}`} className="rounded text-brand-ink hover:underline">
      {t("openCampaign")}
    </Link>
  ) : null;
  const carrierIds = message.receipts.flatMap(({ carrierId }) => carrierId ?? []);
  const facts: (Fact | null)[] = [
    { label: t("operator"), value: message.operatorName ?? message.operatorId },
    { label: t("class"), value: t(`classes.${message.trafficClass}`) },
    { label: t("acceptedAt"), value: <DateTime value={message.createdAt} precision="second" /> },
    { label: t("sentAt"), value: <DateTime value={message.sentAt} precision="second" /> },
    { label: t("doneAt"), value: <DateTime value={message.doneAt} precision="second" /> },
    { label: t("validUntil"), value: <DateTime value={message.validUntil} /> },
    campaign ? { label: t("campaign"), value: campaign } : null,
    message.connector ? { label: t("connector"), value: message.connector.name } : null,
    message.errorCode ? { label: t("errorCode"), value: <CopyValue text={message.errorCode} /> } : null,
    { label: t("id"), value: <CopyValue text={message.id} /> },
    message.reference ? { label: t("reference"), value: <CopyValue text={message.reference} /> } : null,
    { label: t("batchId"), value: <CopyValue text={message.batchId} /> },
    carrierIds.length > 0
      ? {
          label: t("carrierId"),
          value: carrierIds.map((carrierId) => <CopyValue key={carrierId} text={carrierId} className="flex" />),
        }
      : null,
  ];
  return (
    <dl className="flex flex-col gap-3">
      {facts.map((fact) =>
        fact ? (
          <div key={fact.label} className="grid gap-x-3 sm:grid-cols-[7.5rem_minmax(0,1fr)]">
            <dt className="pt-0.5 text-ink-faint text-xs">{fact.label}</dt>
            <dd className="min-w-0 break-words text-ink text-sm">{fact.value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
