"use client";
/** What an account may do, in the order in which clients ask about it. */
import { useTranslations } from "next-intl";
import { FieldRow, NumberField, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { ListField } from "#app/_ui/value-fields.tsx";

/** @property isNew the system id is chosen once */
export function AccountFields({ isNew }: { isNew: boolean }) {
  const t = useTranslations("smpp");
  const choices = (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`${group}.${value}`) }));
  return (
    <>
      <TextField name="name" label={t("name")} help={t("help.name")} autoComplete="off" />
      {isNew ? (
        <TextField
          name="systemId"
          label={t("systemId")}
          help={t("help.systemId")}
          autoComplete="off"
          spellCheck={false}
          maxLength={15}
        />
      ) : null}
      <ListField name="allowedIps" label={t("addresses")} help={t("help.addresses")} rows={2} optional />
      <FieldRow>
        <NumberField name="maxBinds" label={t("maxBinds")} help={t("help.maxBinds")} min={1} max={100} />
        <NumberField
          name="maxPerSecond"
          label={t("maxPerSecond")}
          help={t("help.maxPerSecond")}
          min={0}
          max={100_000}
        />
      </FieldRow>
      <FieldRow>
        <NumberField name="windowSize" label={t("windowSize")} help={t("help.windowSize")} min={1} max={2_000} />
        <NumberField
          name="receiptWindow"
          label={t("receiptWindow")}
          help={t("help.receiptWindow")}
          min={1}
          max={1_000}
        />
      </FieldRow>
      <FieldRow>
        <SelectField
          name="trafficClass"
          label={t("class")}
          options={choices("classes", ["otp", "transactional", "bulk"])}
        />
        <SelectField
          name="classFrom"
          label={t("classFrom")}
          help={t("help.classFrom")}
          options={choices("classSources", ["account", "service_type", "priority_flag"])}
        />
      </FieldRow>
      <FieldRow>
        <SelectField
          name="defaultAlphabet"
          label={t("alphabet")}
          help={t("help.alphabet")}
          options={choices("alphabets", ["gsm7", "latin1"])}
        />
        <SelectField name="receiptZone" label={t("zone")} options={choices("zones", ["utc", "tenant"])} />
      </FieldRow>
      <NumberField name="inactivitySeconds" label={t("inactivity")} help={t("help.inactivity")} min={0} max={86_400} />
    </>
  );
}
