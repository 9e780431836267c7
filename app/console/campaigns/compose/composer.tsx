"use client";
/** The composer: details, recipients, message, review on one page; every change is kept as it is made. */
import { useTranslations } from "next-intl";
import { DetailsStep, type SenderChoice } from "#app/console/campaigns/compose/details-step.tsx";
import { measureTemplate } from "#app/console/campaigns/compose/measure-template.ts";
import { MessageStep } from "#app/console/campaigns/compose/message-step.tsx";
import { type ListChoice, RecipientsStep } from "#app/console/campaigns/compose/recipients-step.tsx";
import { SavedState } from "#app/console/campaigns/compose/saved-state.tsx";
import { Schedule } from "#app/console/campaigns/compose/schedule.tsx";
import { Step, StepMark } from "#app/console/campaigns/compose/step.tsx";
import { SubmitCampaign } from "#app/console/campaigns/compose/submit-campaign.tsx";
import { type Draft, useDraft } from "#app/console/campaigns/compose/use-draft.ts";
import { LiveQuote } from "#app/console/campaigns/live-quote.tsx";
import { maxParts } from "#server/domain/messages/segment.ts";

type ComposerProps = {
  id: string;
  initial: Draft;
  list: { id: string; fields: string[]; count: number } | null;
  senders: SenderChoice[];
  lists: ListChoice[];
  operatorNames: Record<string, string>;
  tenantNames: Record<string, string>;
  tenant: { country: string; timeZone: string };
  mayUpload: boolean;
};

const steps = ["details", "recipients", "message", "review"] as const;

export function Composer(props: ComposerProps) {
  const { id, initial, list, senders, lists, operatorNames, tenantNames, tenant, mayUpload } = props;
  const t = useTranslations("campaigns");
  const { draft, change, flush, saving, version, touch } = useDraft(id, initial);
  const sender = senders.find((one) => one.id === draft.senderId) ?? null;
  const done = {
    details: draft.name.trim() !== "" && sender !== null,
    recipients: list !== null,
    message: isMessageReady(draft.template, list?.fields ?? null),
    review: false,
  };
  const isComplete = done.details && done.recipients && done.message;
  const quoteVersion = isComplete && saving.kind === "saved" ? version : null;
  return (
    <div className="flex flex-col gap-5">
      <nav
        aria-label={t("steps")}
        className="sticky top-13 z-20 lg:top-0 -mx-1 flex flex-wrap items-center gap-x-4 gap-y-2 bg-subtle px-1 py-2"
      >
        {steps.map((step, at) => (
          <a
            key={step}
            href={`#${step}`}
            className="flex items-center gap-2 rounded text-ink-muted text-sm hover:text-ink"
          >
            <StepMark number={at + 1} isDone={done[step]} />
            <span className="max-sm:sr-only">{t(`step.${step}`)}</span>
          </a>
        ))}
        <SavedState saving={saving} onRetry={() => void flush()} />
      </nav>
      <Step id="details" number={1} title={t("step.details")} isDone={done.details}>
        <DetailsStep draft={draft} senders={senders} change={change} />
      </Step>
      <Step id="recipients" number={2} title={t("step.recipients")} isDone={done.recipients}>
        <RecipientsStep
          campaignId={id}
          listId={list?.id ?? null}
          lists={lists}
          country={tenant.country}
          mayUpload={mayUpload}
          onChosen={touch}
        />
      </Step>
      <Step id="message" number={3} title={t("step.message")} isDone={done.message}>
        <MessageStep
          template={draft.template}
          fields={list?.fields ?? null}
          listId={list?.id ?? null}
          senderName={sender?.name ?? null}
          onChange={(template) => change({ template })}
        />
      </Step>
      <Step id="review" number={4} title={t("step.review")} hint={t("reviewHint")} isDone={false}>
        <div className="flex flex-col gap-5">
          <Schedule draft={draft} ownZone={tenant.timeZone} change={change} />
          {isComplete ? (
            <LiveQuote id={id} version={quoteVersion} operatorNames={operatorNames} tenantNames={tenantNames} />
          ) : (
            <p className="text-ink-muted text-base">{t("notComplete")}</p>
          )}
          <div className="flex justify-end">
            <SubmitCampaign id={id} draft={draft} version={quoteVersion} flush={flush} />
          </div>
        </div>
      </Step>
    </div>
  );
}

function isMessageReady(template: string, fields: string[] | null): boolean {
  const measure = measureTemplate(template, fields);
  if (!measure.isReadable || measure.unknown.length > 0 || template.trim() === "") return false;
  return measure.segments.parts <= maxParts;
}
