/** What happened to a message and why, the first step first. */
import {
  Cable,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Coins,
  Flag,
  Hourglass,
  Inbox,
  ListChecks,
  Lock,
  type LucideIcon,
  Mail,
  Megaphone,
  PenLine,
  RotateCcw,
  Route,
  Send,
  ShieldCheck,
  ShieldQuestion,
  Undo2,
  Waypoints,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { DateTime } from "#app/_ui/date-time.tsx";
import { answersOf, causeOf, hasFailed, technicalFacts } from "#app/console/messages/[id]/explain.ts";
import { Exchange } from "#app/console/messages/[id]/octets.tsx";
import { StepBody } from "#app/console/messages/[id]/step-body.tsx";
import type { MessageWithTimeline, TimelineEvent } from "#server/domain/messages/get.ts";
import type { Story } from "#server/domain/messages/story.ts";
import type { Step } from "#server/domain/messages/story-step.ts";

const icons: Record<Step["kind"], LucideIcon> = {
  arrived: Inbox,
  checked: ListChecks,
  moderated: ShieldCheck,
  routed: Waypoints,
  held: Lock,
  posted: Coins,
  voided: Undo2,
  waiting: Hourglass,
  sent: Cable,
  told: Megaphone,
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

type TimelineProps = { story: Story; names: ReadonlyMap<string, string> };

export function Timeline({ story, names }: TimelineProps) {
  const t = useTranslations("messages");
  const why = useTranslations("why");
  const ended = story.doneAt !== null;
  return (
    <>
      <ol className="flex flex-col">
        {keyed(story.steps).map(([key, step]) => (
          <StepItem key={key} step={step} story={story} names={names} />
        ))}
        {ended ? null : (
          <li className="flex gap-3">
            <CircleDashed aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
            <p className="text-ink-faint text-base">{t(story.status === "review" ? "waitsForReview" : "notOver")}</p>
          </li>
        )}
      </ol>
      {story.hasOctets ? null : <p className="mt-3 text-ink-faint text-xs">{why("octetsGone")}</p>}
    </>
  );
}

/** Steps have no id: their kind, and how many of it came before. */
function keyed(steps: readonly Step[]): [string, Step][] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const count = (seen.get(step.kind) ?? 0) + 1;
    seen.set(step.kind, count);
    return [`${step.kind} ${count}`, step];
  });
}

/** The event that a step was made of, with what only the event has: each part's answer. */
const eventOf = (step: Step, { timeline }: Story): TimelineEvent | undefined =>
  timeline.find(
    ({ at, kind, partNumber }) => kind === step.kind && partNumber === step.part && at.getTime() === step.at.getTime(),
  );

type StepProps = { step: Step; story: Story; names: ReadonlyMap<string, string> };

function StepItem({ step, story, names }: StepProps) {
  const event = eventOf(step, story);
  const isRefused = event?.kind === "response" && answersOf(event.detail).some((answer) => answer.code !== undefined);
  const hasFailed = isRefused || hasStepFailed(step);
  const Icon = hasFailed ? CircleX : icons[step.kind];
  return (
    <li className="relative flex gap-3 pb-5 before:absolute before:top-6 before:bottom-1 before:left-[7.5px] before:w-px before:bg-line last:before:hidden">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${hasFailed ? "text-danger" : "text-ink-faint"}`} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline justify-between gap-x-4">
          <Title step={step} isRefused={isRefused} partCount={story.parts} />
          <span className="text-ink-faint text-xs">
            <DateTime value={step.at} precision="second" />
            <After step={step} story={story} />
          </span>
        </p>
        {event ? <Reason event={event} message={story} /> : <Sentence step={step} />}
        <StepBody step={step} names={names} />
        {event ? <Technical event={event} /> : null}
        {step.exchange ? <Exchange exchange={step.exchange} isAnswered={step.kind !== "receipt"} /> : null}
      </div>
    </li>
  );
}

/** Longer waits are told by the times themselves. */
const longestShownMs = 60_000;

/** How long after its acceptance: what people compare. */
function After({ step, story }: { step: Step; story: Story }) {
  const t = useTranslations("why");
  const ms = step.at.getTime() - story.createdAt.getTime();
  return ms > 0 && ms < longestShownMs ? <span className="tabular-nums"> · {t("after", { ms })}</span> : null;
}

/** A client that did not take what it was told; a carrier that refused a part. */
function hasStepFailed({ kind, facts, exchange }: Step): boolean {
  if (kind === "told" && facts.channel === "webhook") return facts.error !== null;
  const status = exchange?.response?.status ?? null;
  return (kind === "sent" || kind === "told") && status !== null && status !== "ESME_ROK";
}

type TitleProps = { step: Step; isRefused: boolean; partCount: number };

function Title({ step, isRefused, partCount }: TitleProps) {
  const t = useTranslations("messages");
  const why = useTranslations("why");
  const key = isRefused ? "refused" : step.kind;
  const title = why.has(`step.${key}`) ? why(`step.${key}`) : t(`event.${key}`);
  return (
    <span className="font-medium text-base text-ink">
      {step.part && partCount > 1 ? t("ofPart", { title, part: step.part, count: partCount }) : title}
    </span>
  );
}

/** For steps that are derived: what happened, in one sentence. */
function Sentence({ step }: { step: Step }) {
  const text = useSentence(step);
  return text ? <p className="mt-0.5 break-words text-ink-muted text-sm">{text}</p> : null;
}

function useSentence({ kind, facts, exchange }: Step): string | null {
  const t = useTranslations("why");
  const messages = useTranslations("messages");
  const text = (name: string) => String(facts[name] ?? "–");
  switch (kind) {
    case "arrived":
      return t("arrived", {
        source: messages.has(`source.${text("source")}`) ? messages(`source.${text("source")}`) : text("source"),
        who: text("actor"),
        from: exchange?.peer.ip === undefined ? "" : t("from", { ip: String(exchange.peer.ip) }),
      });
    case "moderated":
      return t(`moderated.${text("status")}`, {
        by: facts.by ? text("by") : messages("provider"),
        reason: text("reason"),
      });
    case "routed":
      if (facts.connector === null) return t("routedAbove");
      return t(facts.agrees === false ? "routedOtherNow" : facts.hasChanged ? "routedChanged" : "routed", {
        connector: text("connector"),
      });
    case "held":
      return t("held", { parts: Number(facts.parts) });
    case "sent":
      return t(exchange?.response ? "sent" : "sentUnanswered", {
        ms: Number(facts.durationMs),
        status: exchange?.response?.status ?? "",
        bind: String(exchange?.peer.bind ?? "–"),
      });
    case "told":
      if (facts.channel === "smpp") return t("toldBind", { ms: Number(facts.durationMs) });
      return t(facts.error === null ? "toldWebhook" : "notToldWebhook", {
        url: text("url"),
        attempt: Number(facts.attempt),
        status: facts.statusCode === null ? text("error") : text("statusCode"),
        ms: Number(facts.durationMs),
      });
    case "waiting":
      return t(`waiting.${text("channel")}`, { attempts: Number(facts.attempts) });
    default:
      return null;
  }
}

/** One sentence that needs no knowledge of the protocol. */
function Reason({ event, message }: { event: TimelineEvent; message: MessageWithTimeline }) {
  const text = useReason(event, message);
  return text ? <p className="mt-0.5 break-words text-ink-muted text-sm">{text}</p> : null;
}

function useReason({ kind, detail, partNumber }: TimelineEvent, message: MessageWithTimeline): string | null {
  const t = useTranslations("messages");
  const failed = answersOf(detail).find(hasFailed);
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
  return t.has(`reason.${kind}`) ? t(`reason.${kind}`) : null;
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
