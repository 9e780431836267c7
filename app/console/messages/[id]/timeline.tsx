/** What happened to a message and why, the first event first. */
import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Flag,
  Inbox,
  type LucideIcon,
  Mail,
  PenLine,
  RotateCcw,
  Route,
  Send,
  ShieldQuestion,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { DateTime } from "#app/_ui/date-time.tsx";
import { answersOf, causeOf, hasFailed, technicalFacts } from "#app/console/messages/[id]/explain.ts";
import type { MessageWithTimeline, TimelineEvent } from "#server/domain/messages/get.ts";

const icons: Record<TimelineEvent["kind"], LucideIcon> = {
  accepted: Inbox,
  review: ShieldQuestion,
  released: CircleCheck,
  replaced: PenLine,
  submitted: Send,
  response: CircleCheck,
  retry: RotateCcw,
  moved: Route,
  receipt: Mail,
  unknown: CircleHelp,
  resolved: CircleCheck,
  final: Flag,
};

export function Timeline({ message }: { message: MessageWithTimeline }) {
  const t = useTranslations("messages");
  const ended = message.doneAt !== null;
  return (
    <ol className="flex flex-col">
      {message.timeline.map((event) => (
        <Step
          key={`${event.at.toISOString()} ${event.kind} ${event.partNumber} ${JSON.stringify(event.detail)}`}
          event={event}
          message={message}
        />
      ))}
      {ended ? null : (
        <li className="flex gap-3">
          <CircleDashed aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
          <p className="text-ink-faint text-base">{t(message.status === "review" ? "waitsForReview" : "notOver")}</p>
        </li>
      )}
    </ol>
  );
}

function Step({ event, message }: { event: TimelineEvent; message: MessageWithTimeline }) {
  const isRefused = event.kind === "response" && answersOf(event.detail).some((answer) => answer.code !== undefined);
  const Icon = isRefused ? CircleX : icons[event.kind];
  return (
    <li className="relative flex gap-3 pb-5 before:absolute before:top-6 before:bottom-1 before:left-[7.5px] before:w-px before:bg-line last:before:hidden">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${isRefused ? "text-danger" : "text-ink-faint"}`} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4">
          <Title event={event} isRefused={isRefused} partCount={message.parts} />
          <span className="text-ink-faint text-xs">
            <DateTime value={event.at} precision="second" />
          </span>
        </p>
        <Reason event={event} message={message} />
        <Technical event={event} />
      </div>
    </li>
  );
}

function Title({ event, isRefused, partCount }: { event: TimelineEvent; isRefused: boolean; partCount: number }) {
  const t = useTranslations("messages");
  const title = t(`event.${isRefused ? "refused" : event.kind}`);
  return (
    <span className="font-medium text-base text-ink">
      {event.partNumber && partCount > 1 ? t("ofPart", { title, part: event.partNumber, count: partCount }) : title}
    </span>
  );
}

/** One sentence that needs no knowledge of the protocol. */
function Reason({ event, message }: { event: TimelineEvent; message: MessageWithTimeline }) {
  const text = useReason(event, message);
  return text ? <p className="mt-0.5 break-words text-ink-muted text-sm">{text}</p> : null;
}

function useReason({ kind, detail, partNumber }: TimelineEvent, message: MessageWithTimeline): string | null {
  const t = useTranslations("messages");
  const failed = answersOf(detail).find(hasFailed);
  if (kind === "accepted") {
    return t("acceptedReason", {
      source: t(`source.${message.source}`),
      who: typeof detail.actor === "string" ? detail.actor : "–",
      parts: message.parts,
      encoding: t(`encoding.${message.encoding}`),
    });
  }
  const known = typeof detail.reason === "string" && t.has(`carrierReason.${detail.reason}`) ? detail.reason : null;
  const carrierReason = known === null ? null : t(`carrierReason.${known}`);
  if (kind === "moved") return t(detail.why === "unbound" ? "reason.movedUnbound" : "reason.moved");
  if (
    carrierReason !== null &&
    (kind === "response" || kind === "retry" || kind === "receipt" || kind === "resolved")
  ) {
    return carrierReason;
  }
  if (failed?.code !== undefined) return t(`cause.${causeOf(failed.code)}.what`, { code: failed.code });
  if (failed?.unsent !== undefined) return t("reason.unsent");
  if (kind === "retry" || kind === "unknown") return t(detail.possibleDuplicate ? "reason.resent" : `reason.${kind}`);
  if (kind === "receipt" || kind === "resolved") {
    const own = message.receipts.find((receipt) => receipt.partNumber === (partNumber ?? 1));
    return t(`receiptOutcome.${own?.outcome ?? "none"}`);
  }
  if (kind === "final") {
    const why = String(detail.why ?? detail.reason ?? "");
    return t.has(`finalReason.${why}`) ? t(`finalReason.${why}`) : null;
  }
  return t(`reason.${kind}`);
}

function Technical({ event }: { event: TimelineEvent }) {
  const t = useTranslations("messages");
  const facts = technicalFacts(event.detail);
  if (facts.length === 0) return null;
  return (
    <details className="mt-1 text-xs">
      <summary className="w-fit cursor-pointer rounded text-ink-faint hover:text-ink">{t("technical")}</summary>
      <dl className="mt-1.5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-md bg-subtle p-2.5">
        {facts.map((fact) => (
          <div key={`${fact.key} ${fact.part ?? ""}`} className="contents">
            <dt className="text-ink-faint">
              {t(`fact.${fact.key}`)}
              {fact.part && event.partNumber === null ? ` · ${t("part", { part: fact.part })}` : ""}
            </dt>
            <dd className="break-all font-mono text-ink">{fact.value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
