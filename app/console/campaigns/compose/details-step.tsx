"use client";
/** The first step: name, sender, class. */
import { useTranslations } from "next-intl";
import { useId } from "react";
import { ButtonLink } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Input, Select } from "#app/_ui/input.tsx";
import type { Draft } from "#app/console/campaigns/compose/use-draft.ts";

export type SenderChoice = { id: string; name: string };
type DetailsStepProps = { draft: Draft; senders: SenderChoice[]; change: (changes: Partial<Draft>) => void };

const maxName = 120;
const classes = ["bulk", "transactional"] as const;

export function DetailsStep({ draft, senders, change }: DetailsStepProps) {
  const t = useTranslations("campaigns");
  const id = useId();
  const isUnknown = draft.senderId !== null && !senders.some((sender) => sender.id === draft.senderId);
  return (
    <div className="flex flex-col gap-4">
      {senders.length === 0 ? (
        <Callout
          kind="warning"
          title={t("noSenders")}
          action={
            <ButtonLink size="sm" href="/console/senders">
              {t("toSenders")}
            </ButtonLink>
          }
        >
          {t("noSendersHint")}
        </Callout>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-3">
        <Field id={`${id}-name`} label={t("name")} error={draft.name.trim() ? undefined : t("nameMissing")}>
          {(box) => (
            <Input
              {...box}
              value={draft.name}
              maxLength={maxName}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <Field
          id={`${id}-sender`}
          label={t("sender")}
          help={t("senderHelp")}
          error={isUnknown ? t("senderGone") : undefined}
        >
          {(box) => (
            <Select
              {...box}
              value={draft.senderId ?? ""}
              placeholder={t("choose")}
              options={senders.map((sender) => ({ value: sender.id, label: sender.name }))}
              onChange={(event) => change({ senderId: event.target.value || null })}
            />
          )}
        </Field>
        <Field id={`${id}-class`} label={t("trafficClass")} help={t(`classHelp.${draft.trafficClass}`)}>
          {(box) => (
            <Select
              {...box}
              value={draft.trafficClass}
              options={classes.map((value) => ({ value, label: t(`class.${value}`) }))}
              onChange={(event) => change({ trafficClass: event.target.value === "bulk" ? "bulk" : "transactional" })}
            />
          )}
        </Field>
      </div>
    </div>
  );
}
