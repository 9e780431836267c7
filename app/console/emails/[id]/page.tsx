/** One e-mail as its recipient sees it, and what became of it. */
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Card, Facts } from "#app/_ui/card.tsx";
import { CopyValue } from "#app/_ui/copy-button.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import type { EmailInFull } from "#server/domain/notifications/get-email.ts";

type EmailPageProps = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: EmailPageProps) {
  return { title: (await found((await api()).emails.get({ id: (await params).id }))).subject };
}

export default async function EmailPage({ params }: EmailPageProps) {
  await requirePermission("emails.read");
  const [caller, { id }, t] = await Promise.all([api(), params, getTranslations("emails")]);
  const email = await found(caller.emails.get({ id }));
  return (
    <>
      <PageHeader
        title={email.subject}
        badge={<StatusBadge status={email.status} />}
        description={t("toLine", { to: email.toAddress, tenant: email.tenantName })}
        crumbs={[{ label: t("title"), href: "/console/emails" }]}
      />
      <div className="flex flex-col gap-5">
        <Fate email={email} />
        <Card title={t("details")}>
          <Facts
            facts={[
              { label: t("created"), value: <DateTime value={email.createdAt} /> },
              { label: t("sentAt"), value: <DateTime value={email.sentAt} /> },
              { label: t("attempts"), value: <Count value={email.attempts} /> },
              { label: t("id"), value: <CopyValue text={email.id} /> },
            ]}
          />
        </Card>
        <Card title={t("asHtml")}>
          {/* Nothing in it runs, is loaded from elsewhere or can reach this page: the sandbox allows nothing. */}
          <iframe
            title={t("frameTitle", { subject: email.subject })}
            srcDoc={email.html}
            sandbox=""
            className="h-112 w-full rounded-md border border-line bg-white"
          />
        </Card>
        <Card title={t("asText")}>
          <pre className="whitespace-pre-wrap break-words font-sans text-base text-ink">{email.text}</pre>
        </Card>
      </div>
    </>
  );
}

/** What the status means, and what to do. */
async function Fate({ email }: { email: EmailInFull }) {
  const t = await getTranslations("emails");
  return (
    <>
      {email.status === "kept" ? <Callout title={t("keptTitle")}>{t("keptText")}</Callout> : null}
      {email.status === "queued" ? <Callout>{t(email.lastError ? "willRetry" : "waits")}</Callout> : null}
      {email.status === "failed" ? (
        <Callout kind="danger" title={t("failedTitle")}>
          {t("failedText")}
        </Callout>
      ) : null}
      {email.lastError ? (
        <Callout kind="warning" title={t("lastError")}>
          <code className="break-words font-mono text-xs">{email.lastError}</code>
        </Callout>
      ) : null}
      {email.isLinkHidden ? <Callout>{t("linkHidden")}</Callout> : null}
    </>
  );
}
