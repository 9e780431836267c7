"use client";
/** What the columns of a chosen file mean, and what the list is called. */
import { Upload } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useId, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Combobox } from "#app/_ui/combobox.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Checkbox, Input, Select } from "#app/_ui/input.tsx";
import { countryOptions } from "#app/_ui/regional-options.ts";
import { PreviewTable } from "#app/console/recipients/upload/preview-table.tsx";
import type { CsvPreview } from "#server/domain/contacts/preview-csv.ts";

export type Mapping = { name: string; phone: string; fields: string[]; country: string };

type MappingFormProps = {
  preview: CsvPreview;
  initial: { name: string; country: string };
  onSubmit: (mapping: Mapping) => void;
};

const maxName = 120;

export function MappingForm({ preview, initial, onSubmit }: MappingFormProps) {
  const t = useTranslations("contacts");
  const locale = useLocale();
  const id = useId();
  const [name, setName] = useState(initial.name);
  const [country, setCountry] = useState(initial.country);
  const [phone, setPhone] = useState(preview.phoneColumn ?? "");
  const [kept, setKept] = useState(() => new Set(preview.headers));
  const fields = preview.headers.filter((header) => header !== phone && kept.has(header));
  const isReady = name.trim() !== "" && phone !== "" && country !== "";
  const toggle = (header: string) => {
    const next = new Set(kept);
    if (!next.delete(header)) next.add(header);
    setKept(next);
  };
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onSubmit({ name: name.trim(), phone, fields, country });
      }}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        <Field id={`${id}-name`} label={t("listName")}>
          {(box) => (
            <Input {...box} value={name} maxLength={maxName} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field id={`${id}-phone`} label={t("phoneColumn")} error={phone === "" ? t("phoneColumnMissing") : undefined}>
          {(box) => (
            <Select
              {...box}
              value={phone}
              placeholder={t("choose")}
              options={preview.headers.map((header) => ({ value: header, label: header }))}
              onChange={(event) => setPhone(event.target.value)}
            />
          )}
        </Field>
        <Field id={`${id}-country`} label={t("defaultCountry")} help={t("defaultCountryHelp")}>
          {(box) => <Combobox {...box} options={countryOptions(locale)} value={country} onChange={setCountry} />}
        </Field>
      </div>
      {preview.headers.length > 1 ? (
        <fieldset>
          <legend className="font-medium text-ink text-sm">{t("variables")}</legend>
          <p className="mb-2 text-ink-faint text-xs">{t("variablesHelp")}</p>
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {preview.headers
              .filter((header) => header !== phone)
              .map((header) => (
                <label
                  key={header}
                  htmlFor={`${id}-keep-${header}`}
                  className="flex max-w-full items-center gap-2 text-base text-ink"
                >
                  <Checkbox id={`${id}-keep-${header}`} checked={kept.has(header)} onChange={() => toggle(header)} />
                  <span className="truncate">{header}</span>
                </label>
              ))}
          </div>
        </fieldset>
      ) : null}
      <div>
        <p className="mb-2 text-ink-faint text-xs">
          {t("guessed", { delimiter: t(`delimiter.${delimiterKey[preview.delimiter]}`), encoding: preview.encoding })}
        </p>
        <PreviewTable preview={preview} phone={phone} fields={fields} />
      </div>
      <div className="flex justify-end">
        <Button type="submit" look="primary" icon={<Upload aria-hidden />} disabled={!isReady}>
          {t("startUpload")}
        </Button>
      </div>
    </form>
  );
}

const delimiterKey = { ",": "comma", ";": "semicolon", "\t": "tab" } as const;
