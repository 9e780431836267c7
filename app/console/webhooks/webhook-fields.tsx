"use client";
/** The fields of an endpoint, new or known. */
import { useTranslations } from "next-intl";
import { ChoiceGroup } from "#app/_ui/choice-group.tsx";
import { NumberField, TextField, useField } from "#app/_ui/form-fields.tsx";
import { Checkbox } from "#app/_ui/input.tsx";
import { webhookEventTypes } from "#server/domain/webhooks/input.ts";

export function WebhookFields() {
  const t = useTranslations("webhooks");
  return (
    <>
      <TextField name="url" type="url" label={t("url")} help={t("urlHelp")} placeholder="https://" autoComplete="off" />
      <TextField name="description" label={t("description")} help={t("descriptionHelp")} autoComplete="off" optional />
      <Events />
      <NumberField name="batchSize" label={t("batchSize")} help={t("batchSizeHelp")} min={1} max={100} />
    </>
  );
}

function Events() {
  const t = useTranslations("webhooks");
  const { id, register, error } = useField({ name: "events" });
  return (
    <ChoiceGroup
      id={id}
      label={t("events")}
      error={error}
      look="grid grid-cols-[repeat(auto-fit,minmax(min(100%,13rem),1fr))] gap-x-4 gap-y-2 px-3 py-2.5"
    >
      {webhookEventTypes.map((type) => {
        const key = type.replace(".", "_");
        return (
          <label key={type} htmlFor={`${id}-${key}`} className="flex items-start gap-2 text-ink text-sm">
            <Checkbox id={`${id}-${key}`} value={type} className="mt-0.5" {...register("events")} />
            {t(`event.${key}`)}
          </label>
        );
      })}
    </ChoiceGroup>
  );
}
