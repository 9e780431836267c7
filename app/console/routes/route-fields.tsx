"use client";
/** The boxes of a route: what it matches, where it leads, and how it stands among its neighbours. */
import { useLocale, useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { ComboboxField, FieldRow, NumberField, SelectField } from "#app/_ui/form-fields.tsx";
import type { Option } from "#app/_ui/input.tsx";
import { countryName } from "#app/_ui/regional-options.ts";
import type { OperatorChoice } from "#app/console/price-lists/price-lines.ts";

export type RouteChoices = {
  /** Those whom a route may serve. */
  tenants: Option[];
  connectors: Option[];
  operators: OperatorChoice[];
};

export function RouteFields({ choices, isNew }: { choices: RouteChoices; isNew: boolean }) {
  const t = useTranslations("routing");
  const prices = useTranslations("prices");
  const locale = useLocale();
  const [country] = useWatch({ name: ["country"] }) as [string | null | undefined];
  const countries = [...new Set(choices.operators.map((operator) => operator.country))];
  const operators = choices.operators.filter((operator) => !country || operator.country === country);
  return (
    <>
      {isNew ? (
        <ComboboxField name="tenantId" label={t("serves")} help={t("help.serves")} options={choices.tenants} />
      ) : null}
      <FieldRow>
        <SelectField
          name="country"
          label={t("country")}
          placeholder={t("any")}
          options={countries.map((code) => ({ value: code, label: countryName(code, locale) }))}
          optional
        />
        <SelectField
          name="operatorId"
          label={t("operator")}
          placeholder={t("any")}
          options={operators.map((operator) => ({
            value: operator.id,
            label: country ? operator.name : `${operator.name} · ${operator.country}`,
          }))}
          optional
        />
        <SelectField
          name="trafficClass"
          label={t("classLabel")}
          placeholder={t("any")}
          options={(["otp", "transactional", "bulk"] as const).map((value) => ({
            value,
            label: prices(`class.${value}`),
          }))}
          optional
        />
      </FieldRow>
      <ComboboxField
        name="connectorId"
        label={t("connector")}
        help={t("help.connector")}
        options={choices.connectors}
      />
      <FieldRow>
        <NumberField name="priority" label={t("priority")} help={t("help.priority")} min={0} max={10_000} />
        <NumberField name="weight" label={t("weight")} help={t("help.weight")} min={1} max={1_000} />
      </FieldRow>
    </>
  );
}
