/** One message: where it stands, why, what it costs, and what can be done. */
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, type Fact } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { CancelMessage } from "#app/console/messages/[id]/cancel-message.tsx";
import { causeOf } from "#app/console/messages/[id]/explain.ts";
import { GoneMessage } from "#app/console/messages/[id]/gone-message.tsx";
import { MessageMoney } from "#app/console/messages/[id]/message-money.tsx";
import { Timeline } from "#app/console/messages/[id]/timeline.tsx";
import type { MessageWithTimeline } from "#server/domain/messages/get.ts";
import { DomainError } from "#server/kernel/errors.ts";

type MessagePageProps = { params: Promise<{ id: string }> };

/** Null: its day is no longer kept. */
async function messageOf(id: string): Promise<MessageWithTimeline | null> {
  return found((await api()).messages.get({ id }).catch(nullWhenGone));
}

function nullWhenGone(error: unknown): null {
  const cause = error instanceof Error ? error.cause : null;
  if (cause instanceof DomainError && cause.code === "message_gone") return null;
  throw error;
}

export async function generateMetadata({ params }: MessagePageProps) {
  const message = await messageOf((await params).id);
  return { title: message ? `+${message.msisdn}` : (await getTranslations("messages"))("gone.title") };
}

export default async function MessagePage({ params }: MessagePageProps) {
  const viewer = await requirePermission("messages.read");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("messages")]);
  const [message, tenants] = await Promise.all([messageOf(id), caller.tenants.list()]);
  if (!message) return <GoneMessage id={id} />;
  const mayCancel = viewer.may("messages.send") && (message.status === "queued" || message.status === "review");
  return (
    <>
      <PageHeader
        title={<span className="tabular-nums">{`+${message.msisdn}`}</span>}
        badge={<StatusBadge status={message.status} />}
        description={t("fromLine", { sender: message.sender, tenant: message.tenantName })}
        crumbs={[{ label: t("title"), href: "/console/messages" }]}
        actions={mayCancel ? <CancelMessage id={message.id} /> : null}
      />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <Explanation message={message} />
          <Card title={t("why")}>
            <Timeline message={message} />
          </Card>
          <Card title={t("text")}>
            <p className="whitespace-pre-wrap break-words text-base text-ink">{message.text}</p>
            <p className="mt-3 text-ink-faint text-xs">
              {t("size", { parts: message.parts, encoding: t(`encoding.${message.encoding}`) })}
            </p>
          </Card>
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Card title={t("details")}>
            <MessageFacts message={message} />
          </Card>
          <Card title={t("money")} description={t("moneyLead")}>
            <MessageMoney edges={message.money} names={new Map(tenants.map((row) => [row.id, row.name]))} />
          </Card>
        </div>
      </div>
    </>
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
