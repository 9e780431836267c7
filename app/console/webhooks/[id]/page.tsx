/** One endpoint: how it stands, what waits for it, replays, and what was sent. */
import { Send } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { DateTime } from "#app/_ui/date-time.tsx";
import { EmptyState } from "#app/_ui/empty-state.tsx";
import { FilterBar } from "#app/_ui/filter-bar.tsx";
import { Count } from "#app/_ui/money.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { Pager } from "#app/_ui/pager.tsx";
import { idParam, oneOf, type SearchParams } from "#app/_ui/search-params.ts";
import { StatRow, StatTile } from "#app/_ui/stat-tile.tsx";
import { Table } from "#app/_ui/table.tsx";
import { attemptColumns } from "#app/console/webhooks/[id]/attempts.tsx";
import { Replays } from "#app/console/webhooks/[id]/replays.tsx";
import {
  DeleteWebhook,
  EditWebhook,
  PauseWebhook,
  ResumeWebhook,
  RotateSecret,
  SendTest,
} from "#app/console/webhooks/[id]/webhook-actions.tsx";
import { SecretDialog } from "#app/console/webhooks/secret-dialog.tsx";
import { webhookName } from "#app/console/webhooks/webhook-name.ts";
import { WebhookState } from "#app/console/webhooks/webhook-state.tsx";
import { attemptOutcome } from "#server/domain/webhooks/input.ts";
import type { WebhookWithQueue } from "#server/domain/webhooks/list.ts";

type WebhookPageProps = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: WebhookPageProps) {
  return { title: webhookName(await found((await api()).webhooks.get({ id: (await params).id }))) };
}

export default async function WebhookPage({ params, searchParams }: WebhookPageProps) {
  const viewer = await requirePermission("webhooks.read");
  const [caller, { id }, search, t] = await Promise.all([api(), params, searchParams, getTranslations("webhooks")]);
  const webhook = await found(caller.webhooks.get({ id }));
  const outcome = oneOf(search.outcome, attemptOutcome.options);
  const [replays, attempts] = await Promise.all([
    caller.webhooks.replays({ id }),
    caller.webhooks.attempts({ id, outcome, cursor: idParam(search.cursor) }),
  ]);
  const mayWrite = viewer.may("webhooks.write");
  const outcomes = attemptOutcome.options.map((value) => ({ value, label: t(`outcomes.${value}`) }));
  return (
    <SecretDialog>
      <PageHeader
        title={webhookName(webhook)}
        badge={<WebhookState webhook={webhook} />}
        description={webhook.url}
        crumbs={[{ label: t("title"), href: "/console/webhooks" }]}
        actions={mayWrite ? <Actions webhook={webhook} resume={t("resume")} /> : null}
      />
      <div className="flex flex-col gap-5">
        <Trouble webhook={webhook} mayWrite={mayWrite} />
        <Figures webhook={webhook} />
        <Replays webhookId={id} initial={replays} mayWrite={mayWrite && webhook.status !== "disabled"} />
        <section>
          <h2 className="pb-2.5 font-semibold text-base">{t("attempts")}</h2>
          <FilterBar filters={[{ kind: "select", name: "outcome", label: t("outcome"), options: outcomes }]} />
          <Table
            caption={t("attempts")}
            columns={await attemptColumns()}
            rows={attempts.items}
            rowKey={(row) => row.id}
            empty={<EmptyState icon={Send} title={t("noAttempts")} description={t("noAttemptsHint")} />}
          />
          <Pager
            path={`/console/webhooks/${id}`}
            params={search}
            nextCursor={attempts.nextCursor}
            count={attempts.items.length}
          />
        </section>
      </div>
    </SecretDialog>
  );
}

function Actions({ webhook, resume }: { webhook: WebhookWithQueue; resume: string }) {
  const { id, url, description, events, batchSize, status } = webhook;
  return (
    <>
      <DeleteWebhook webhook={{ id, name: webhookName(webhook) }} />
      <RotateSecret id={id} />
      {status === "active" ? <PauseWebhook id={id} /> : <ResumeWebhook id={id} label={resume} />}
      <SendTest id={id} />
      <EditWebhook webhook={{ id, url, description, events, batchSize }} />
    </>
  );
}

async function Trouble({ webhook, mayWrite }: { webhook: WebhookWithQueue; mayWrite: boolean }) {
  const t = await getTranslations("webhooks");
  const { id, status, failingSince, retryAt, disabledReason, lastError } = webhook;
  const why = lastError && t.has(`error.${lastError}`) ? t(`error.${lastError}`) : (lastError ?? "");
  if (status === "disabled") {
    return (
      <Callout kind="danger" title={t("disabledTitle")}>
        {t(disabledReason === "gone" ? "disabledGone" : "disabledFailing")}
      </Callout>
    );
  }
  if (status !== "active" || !failingSince) return null;
  return (
    <Callout
      kind="warning"
      title={t("failingTitle")}
      action={mayWrite ? <ResumeWebhook id={id} label={t("tryNow")} /> : null}
    >
      {t("failingHint", { why })} <DateTime value={retryAt} />
    </Callout>
  );
}

async function Figures({
  webhook: { waiting, lastSuccessAt, lastAttemptAt, lastStatus },
}: {
  webhook: WebhookWithQueue;
}) {
  const t = await getTranslations("webhooks");
  return (
    <StatRow>
      <StatTile label={t("waiting")} value={<Count value={waiting.fresh} />} note={t("waitingNote")} />
      <StatTile label={t("retries")} value={<Count value={waiting.retries} />} note={t("retriesNote")} />
      <StatTile label={t("oldest")} value={<DateTime value={waiting.oldestAt} hideZone />} />
      <StatTile
        label={t("lastSuccess")}
        value={<DateTime value={lastSuccessAt} hideZone />}
        note={
          lastAttemptAt ? (
            <>
              {t("lastAttempt", { status: lastStatus ?? "–" })} <DateTime value={lastAttemptAt} hideZone />
            </>
          ) : null
        }
      />
    </StatRow>
  );
}
