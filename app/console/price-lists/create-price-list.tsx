"use client";
/** Makes an empty price list and goes to its prices. */
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { ComboboxField, SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { currencyOptions } from "#app/_ui/regional-options.ts";
import { createPriceList } from "#server/domain/pricing/input.ts";

export function CreatePriceList({ currency }: { currency: string }) {
  const t = useTranslations("prices");
  const trpc = useTRPC();
  const router = useRouter();
  const locale = useLocale();
  return (
    <FormDialog
      title={t("new")}
      description={t("newLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("new")}
        </Button>
      }
      schema={createPriceList}
      verb={trpc.prices.create.mutationOptions()}
      freshIdAs="id"
      defaults={{ currency, postOn: "delivered" }}
      submit={t("create")}
      success={(list) => t("createdToast", { name: list.name })}
      onDone={(list) => router.push(`/console/price-lists/${list.id}`)}
    >
      <TextField name="name" label={t("name")} autoComplete="off" />
      <ComboboxField name="currency" label={t("currency")} help={t("currencyHelp")} options={currencyOptions(locale)} />
      <SelectField
        name="postOn"
        label={t("postOnLabel")}
        help={t("postOnHelp")}
        options={(["delivered", "accepted"] as const).map((value) => ({ value, label: t(`postOn.${value}`) }))}
      />
    </FormDialog>
  );
}
