/** One case: the content, why it waits, who sends it to how many, and what was decided. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { CaseActions } from "#app/console/moderation/[id]/case-actions.tsx";
import { CauseBadge, SampleText } from "#app/console/moderation/case-parts.tsx";
import { segmentText } from "#server/domain/messages/segment.ts";
import type { CaseView } from "#server/domain/moderation/case-view.ts";
import { textsOf } from "#server/domain/moderation/sample-texts.ts";

type CasePageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: CasePageProps) {
  return { title: (await found((await api()).moderation.getCase({ id: (await params).id }))).senderName };
}

export default async function CasePage({ params }: CasePageProps) {
  await requirePermission("moderation.read");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("moderation")]);
  const row = await found(caller.moderation.getCase({ id }));
  const texts = textsOf(row.sampleText);
  const { parts, encoding } = segmentText(texts[0] ?? "");
  return (
    <>
      <PageHeader
        title={<span className="font-mono">{row.senderName}</span>}
        badge={<StatusBadge status={row.status} />}
        description={row.tenantName}
        crumbs={[{ label: t("title"), href: "/console/moderation" }]}
        actions={row.isMineToDecide ? <CaseActions subject={row} /> : null}
      />
      <div className="flex flex-col gap-5">
        <DecisionNotice row={row} />
        <Card
          title={t("sample")}
          description={t(texts.length === 1 ? "sampleHint" : "samplesHint")}
          actions={<CauseBadge cause={row.cause} />}
        >
          <SampleText text={row.sampleText} cause={row.cause} />
          {texts.length === 1 ? (
            <p className="mt-2 text-ink-faint text-xs">
              {t("sampleParts", { count: parts, encoding: encoding === "gsm7" ? "GSM-7" : "Unicode" })}
            </p>
          ) : null}
        </Card>
        <Card title={t("details")}>
          <Facts
            facts={[
              { label: t("tenant"), value: row.tenantName },
              { label: t("recipientsLabel"), value: <Count value={row.recipientCount} /> },
              { label: t("kind"), value: t(`subject.${row.subjectType}`) },
              { label: t("since"), value: <DateTime value={row.createdAt} /> },
              { label: t("subjectId"), value: <CopyValue text={row.subjectId} /> },
            ]}
          />
          {row.subjectType === "campaign" ? (
            <ButtonLink className="mt-4" href={`/console/campaigns/${row.subjectId}`}>
              {t("openCampaign")}
            </ButtonLink>
          ) : null}
        </Card>
      </div>
    </>
  );
}

async function DecisionNotice({ row }: { row: CaseView }) {
  const t = await getTranslations("moderation");
  if (row.status === "withdrawn") return <Callout>{t("notice.withdrawn")}</Callout>;
  if (row.status === "open") {
    return row.isMineToDecide ? (
      <Callout kind="warning">{t("notice.mine")}</Callout>
    ) : (
      <Callout>{t("notice.above")}</Callout>
    );
  }
  return (
    <Callout
      kind={row.status === "approved" ? "success" : "danger"}
      title={t(`notice.${row.status}`, { who: row.decidedByName ?? t("provider") })}
    >
      {row.decidedAt ? <DateTime value={row.decidedAt} /> : null}
      {row.decisionReason ? ` · ${row.decisionReason}` : null}
    </Callout>
  );
}
