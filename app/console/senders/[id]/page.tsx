/** One sender name: what it is for, who decided, and whether it could be taken for another one. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { DecisionHistory } from "#app/console/senders/[id]/decision-history.tsx";
import { RevokeSender } from "#app/console/senders/[id]/revoke-sender.tsx";
import { ApproveSender, RejectSender } from "#app/console/senders/[id]/sender-actions.tsx";
import type { SenderInFull } from "#server/domain/senders/get.ts";

type SenderPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: SenderPageProps) {
  return { title: (await found((await api()).senders.get({ id: (await params).id }))).name };
}

export default async function SenderPage({ params }: SenderPageProps) {
  const viewer = await requirePermission("senders.read");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("senders")]);
  const sender = await found(caller.senders.get({ id }));
  const isLive = sender.status === "pending" || sender.status === "approved";
  return (
    <>
      <PageHeader
        title={<span className="font-mono">{sender.name}</span>}
        badge={<StatusBadge status={sender.status} />}
        description={sender.tenantName}
        crumbs={[{ label: t("title"), href: "/console/senders" }]}
        actions={
          <>
            {viewer.may("senders.decide") && isLive ? <RevokeSender sender={sender} /> : null}
            {sender.isAwaitingMe ? (
              <>
                <RejectSender sender={sender} />
                <ApproveSender sender={sender} isFinal={viewer.tenant.parentId === null} />
              </>
            ) : null}
          </>
        }
      />
      <div className="flex flex-col gap-5">
        <SenderNotice sender={sender} isOwn={sender.tenantId === viewer.tenant.id} />
        <LookAlikes sender={sender} />
        <Card title={t("details")}>
          <Facts
            facts={[
              { label: t("tenant"), value: sender.tenantName },
              { label: t("registeredOn"), value: <DateTime value={sender.createdAt} /> },
              { label: t("id"), value: <CopyValue text={sender.id} /> },
            ]}
          />
          <p className="mt-4 text-ink-faint text-xs">{t("purpose")}</p>
          <p className="mt-0.5 whitespace-pre-wrap break-words text-base text-ink">{sender.purpose}</p>
        </Card>
        <Card title={t("history")}>
          <DecisionHistory sender={sender} />
        </Card>
      </div>
    </>
  );
}

/** The next step, in one line. */
async function SenderNotice({ sender, isOwn }: { sender: SenderInFull; isOwn: boolean }) {
  const t = await getTranslations("senders");
  if (sender.isAwaitingMe) return <Callout kind="warning">{t("notice.awaitsYou")}</Callout>;
  if (sender.status === "pending") return <Callout>{t("notice.pending")}</Callout>;
  if (sender.status === "approved") {
    return isOwn ? (
      <Callout
        kind="success"
        action={
          <ButtonLink size="sm" href="/console/campaigns/new">
            {t("useIt")}
          </ButtonLink>
        }
      >
        {t("notice.approved")}
      </Callout>
    ) : null;
  }
  return (
    <Callout kind="danger" title={t(`notice.${sender.status}`)}>
      {sender.decisionReason}
    </Callout>
  );
}

async function LookAlikes({ sender }: { sender: SenderInFull }) {
  const t = await getTranslations("senders");
  if (sender.lookAlikes.length === 0) return null;
  return (
    <Callout kind="warning" title={t("lookAlikeTitle")}>
      <ul className="mt-1 flex flex-col gap-0.5">
        {sender.lookAlikes.map((other) => (
          <li key={`${other.tenantName} ${other.name}`}>
            <span className="font-medium font-mono text-ink">{other.name}</span> · {other.tenantName} ·{" "}
            {t(`likeness.${other.likeness}`)}
          </li>
        ))}
      </ul>
    </Callout>
  );
}
