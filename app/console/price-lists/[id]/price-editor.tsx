"use client";
/** Edits all prices of a list at once: rows are added, changed, removed or pasted, and saved together. */
import { Plus, Trash2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { cn } from "#app/_ui/cn.ts";
import { Form } from "#app/_ui/form.tsx";
import { SelectField } from "#app/_ui/form-fields.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import { MoneyField } from "#app/_ui/value-fields.tsx";
import { PastePrices } from "#app/console/price-lists/[id]/paste-prices.tsx";
import type { OperatorChoice } from "#app/console/price-lists/price-lines.ts";
import { type PriceLine, trafficClass, type UpdatePriceList, updatePriceList } from "#server/domain/pricing/input.ts";

type PriceEditorProps = {
  list: { id: string; currency: string };
  items: PriceLine[];
  operators: OperatorChoice[];
  /** Where the next line most likely is. */
  country: string;
};

export function PriceEditor({ list, items, operators, country }: PriceEditorProps) {
  const t = useTranslations("prices");
  const trpc = useTRPC();
  // What was just stored starts a new form at once: "not saved yet" is measured against it, and nothing typed later is lost.
  const [stored, setStored] = useState({ times: 0, items });
  const verb = trpc.prices.update.mutationOptions({
    onSuccess: (_, sent) => setStored(({ times }) => ({ times: times + 1, items: sent.items ?? [] })),
  });
  return (
    <Form
      key={stored.times}
      schema={updatePriceList}
      verb={verb}
      defaults={{ id: list.id, items: stored.items }}
      prepare={(values) => ({ ...values, items: (values.items ?? []).map(everyOperatorWhenEmpty) })}
      checks="onSubmit"
      submit={t("savePrices")}
      success={t("pricesSaved")}
    >
      <Lines currency={list.currency} operators={operators} country={country} />
    </Form>
  );
}

const everyOperatorWhenEmpty = (line: PriceLine): PriceLine => ({ ...line, operatorId: line.operatorId || "*" });

type LinesProps = { currency: string; operators: OperatorChoice[]; country: string };

function Lines({ currency, operators, country }: LinesProps) {
  const t = useTranslations("prices");
  const { formState } = useFormContext<UpdatePriceList>();
  const { fields, append, remove, replace } = useFieldArray<UpdatePriceList, "items">({ name: "items" });
  const countries = [...new Set([...operators.map((o) => o.country), ...fields.map((f) => f.country), country])].sort();
  const problem = formState.errors.items?.message;
  function addLine() {
    const last = fields.at(-1);
    append({
      country: last?.country ?? country,
      operatorId: "*",
      trafficClass: "transactional",
      unitPriceMicros: undefined as never,
    });
  }
  return (
    <>
      {typeof problem === "string" ? <Callout kind="danger">{problem}</Callout> : null}
      {fields.length === 0 ? <p className="text-ink-faint text-sm">{t("noLinesEdit")}</p> : null}
      <ul className="flex flex-col gap-2 max-sm:gap-4">
        {fields.map((field, at) => (
          <li
            key={field.id}
            className="grid grid-cols-[1fr_1fr_1fr_1fr_auto] items-start gap-2 max-sm:grid-cols-2 max-sm:border-b max-sm:pb-3"
          >
            <Line at={at} currency={currency} operators={operators} countries={countries} />
            <Button
              look="ghost"
              size="icon"
              className={cn("max-sm:col-span-2 max-sm:justify-self-end", at === 0 ? "sm:mt-6" : "sm:mt-1")}
              aria-label={t("removeLine", { line: at + 1 })}
              icon={<Trash2 aria-hidden />}
              onClick={() => remove(at)}
            />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button icon={<Plus aria-hidden />} onClick={addLine}>
          {t("addLine")}
        </Button>
        <PastePrices currency={currency} operators={operators} onLines={replace} />
        {formState.isDirty ? <p className="self-center text-warning text-sm">{t("unsaved")}</p> : null}
      </div>
    </>
  );
}

type LineProps = { at: number; currency: string; operators: OperatorChoice[]; countries: string[] };

function Line({ at, currency, operators, countries }: LineProps) {
  const t = useTranslations("prices");
  const locale = useLocale();
  const country = useWatch({ name: `items.${at}.country` }) as string | undefined;
  const name = (field: keyof PriceLine) => `items.${at}.${field}`;
  // Side by side, the first row's labels stand for the column; they stay for those who listen.
  const label = (text: string) => <span className={at === 0 ? undefined : "sm:sr-only"}>{text}</span>;
  return (
    <>
      <SelectField
        name={name("country")}
        label={label(t("country"))}
        options={countries.map((code) => ({ value: code, label: countryName(code, locale) }))}
      />
      <SelectField
        name={name("operatorId")}
        label={label(t("operator"))}
        options={[
          { value: "*", label: t("everyOperator") },
          ...operators.filter((o) => o.country === country).map((o) => ({ value: o.id, label: o.name })),
        ]}
      />
      <SelectField
        name={name("trafficClass")}
        label={label(t("classLabel"))}
        options={trafficClass.options.map((value) => ({ value, label: t(`class.${value}`) }))}
      />
      <MoneyField name={name("unitPriceMicros")} label={label(t("pricePerPart"))} currency={currency} />
    </>
  );
}
