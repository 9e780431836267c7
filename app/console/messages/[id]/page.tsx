/** One message: where it stands, why, what it costs, and what can be done. */
import { Download } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { found } from "#app/_trpc/found.ts";
import { api } from "#app/_trpc/server.ts";
import { requirePermission } from "#app/_trpc/viewer.ts";
import { buttonLook } from "#app/_ui/button.tsx";
import { PageHeader } from "#app/_ui/page-header.tsx";
import { StatusBadge } from "#app/_ui/status-badge.tsx";
import { CancelMessage } from "#app/console/messages/[id]/cancel-message.tsx";
import { GoneMessage } from "#app/console/messages/[id]/gone-message.tsx";
import { MessageView } from "#app/console/messages/[id]/message-view.tsx";
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
  const [message, tenants, { story }] = await Promise.all([
    messageOf(id),
    caller.tenants.list(),
    found(caller.messages.why({ id })),
  ]);
  if (!message) return <GoneMessage id={id} />;
  if (!story) notFound();
  const mayCancel = viewer.may("messages.send") && (message.status === "queued" || message.status === "review");
  return (
    <>
      <PageHeader
        title={<span className="tabular-nums">{`+${message.msisdn}`}</span>}
        badge={<StatusBadge status={message.status} />}
        description={t("fromLine", { sender: message.sender, tenant: message.tenantName })}
        crumbs={[{ label: t("title"), href: "/console/messages" }]}
        actions={
          <>
            <a className={buttonLook({})} href={`/api/exports/why?id=${message.id}`} download>
              <Download aria-hidden />
              {(await getTranslations("why"))("exportJson")}
            </a>
            {mayCancel ? <CancelMessage id={message.id} /> : null}
          </>
        }
      />
      <MessageView story={story} names={new Map(tenants.map((row) => [row.id, row.name]))} />
    </>
  );
}
