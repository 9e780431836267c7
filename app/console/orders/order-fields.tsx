"use client";
/** The terms of an order, as a draft is made and edited. */
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { FieldRow, NumberField, SelectField, TextareaField } from "#app/_ui/form-fields.tsx";
import { DateTimeField, IntegerField, ListField, MoneyField } from "#app/_ui/value-fields.tsx";

export type ListChoice = { id: string; name: string; currency: string };

/** @property currency of the order where no list is chosen yet */
export function OrderFields({ lists, currency }: { lists: ListChoice[]; currency: string }) {
  const t = useTranslations("orders");
  const [priceListId, kind] = useWatch({ name: ["priceListId", "kind"] }) as [string?, string?];
  const shown = lists.find((list) => list.id === priceListId)?.currency ?? currency;
  return (
    <>
      <FieldRow>
        <SelectField
          name="priceListId"
          label={t("priceList")}
          placeholder={t("choose")}
          options={lists.map((list) => ({ value: list.id, label: `${list.name} · ${list.currency}` }))}
        />
        <SelectField
          name="kind"
          label={t("kindLabel")}
          help={t(kind === "postpaid" ? "kindHelp.postpaid" : "kindHelp.prepaid")}
          options={(["prepaid", "postpaid"] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
        />
      </FieldRow>
      <FieldRow>
        <MoneyField
          name="amountMicros"
          label={t(kind === "postpaid" ? "creditLimit" : "amountPaidIn")}
          help={t("boundHelp")}
          currency={shown}
          optional
          nullable
        />
        <IntegerField name="partsLimit" label={t("partsLimit")} help={t("partsHelp")} optional nullable />
      </FieldRow>
      <FieldRow>
        <DateTimeField name="validFrom" label={t("validFrom")} />
        <DateTimeField name="validUntil" label={t("validUntil")} />
      </FieldRow>
      <FieldRow>
        <ListField name="senderNames" label={t("senderNames")} help={t("senderNamesHelp")} rows={2} optional nullable />
        <NumberField
          name="nearlyUsedPercent"
          label={t("warnAt")}
          help={t("warnAtHelp")}
          inputMode="numeric"
          min={1}
          max={99}
        />
      </FieldRow>
      <TextareaField name="note" label={t("note")} help={t("noteHelp")} rows={2} optional />
    </>
  );
}
