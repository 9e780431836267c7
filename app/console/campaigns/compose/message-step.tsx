"use client";
/** The third step: the text with its variables, what it takes, and how recipients will read it. */
import { useTranslations } from "next-intl";
import { useId, useMemo, useRef } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Textarea } from "#app/_ui/input.tsx";
import { measureTemplate } from "#app/console/campaigns/compose/measure-template.ts";
import { PartCounter } from "#app/console/campaigns/compose/part-counter.tsx";
import { PhonePreview } from "#app/console/campaigns/compose/phone-preview.tsx";
import { SimplifyText } from "#app/console/campaigns/compose/simplify-text.tsx";

type MessageStepProps = {
  template: string;
  /** Columns of the chosen list; null while none is chosen. */
  fields: string[] | null;
  listId: string | null;
  senderName: string | null;
  onChange: (template: string) => void;
};

const maxLength = 3_000;

export function MessageStep({ template, fields, listId, senderName, onChange }: MessageStepProps) {
  const t = useTranslations("campaigns");
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const measure = useMemo(() => measureTemplate(template, fields), [template, fields]);
  function insert(field: string) {
    const area = box.current;
    const from = area?.selectionStart ?? template.length;
    const to = area?.selectionEnd ?? from;
    const piece = `{{${field}}}`;
    onChange(template.slice(0, from) + piece + template.slice(to));
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(from + piece.length, from + piece.length);
    });
  }
  const error = measure.isReadable
    ? measure.unknown.length > 0
      ? t("unknownVariables", { names: measure.unknown.join(", ") })
      : undefined
    : t("badTemplate", { at: measure.at + 1 });
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_19rem]">
      <div className="flex min-w-0 flex-col gap-3">
        {fields && fields.length > 0 ? (
          <fieldset className="flex flex-wrap items-center gap-1.5">
            <legend className="sr-only">{t("insertVariable")}</legend>
            <span aria-hidden className="mr-1 text-ink-faint text-xs">
              {t("insertVariable")}
            </span>
            {fields.map((field) => (
              <Button key={field} size="sm" className="max-w-40 font-mono" onClick={() => insert(field)}>
                <span className="truncate">{`{{${field}}}`}</span>
              </Button>
            ))}
          </fieldset>
        ) : null}
        <Field id={id} label={t("text")} help={t("textHelp")} error={error}>
          {(given) => (
            <Textarea
              {...given}
              ref={box}
              rows={7}
              maxLength={maxLength}
              value={template}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
        {measure.isReadable ? (
          <>
            <PartCounter segments={measure.segments} hasVariables={measure.variables.length > 0} />
            <SimplifyText template={template} segments={measure.segments} onChange={onChange} />
          </>
        ) : null}
      </div>
      <PhonePreview
        template={measure.isReadable && measure.unknown.length === 0 ? template : null}
        listId={listId}
        senderName={senderName}
      />
    </div>
  );
}
