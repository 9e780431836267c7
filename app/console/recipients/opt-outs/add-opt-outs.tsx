"use client";
/** Adds numbers to the opt-outs by hand. */
import { Plus } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { ComboboxField, TextField } from "#app/_ui/form-fields.tsx";
import { countryOptions } from "#app/_ui/regional-options.ts";
import { ListField } from "#app/_ui/value-fields.tsx";
import { addOptOuts } from "#server/domain/contacts/input.ts";

export function AddOptOuts({ country }: { country: string }) {
  const t = useTranslations("contacts");
  const locale = useLocale();
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("addOptOuts")}
      description={t("addOptOutsLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("addOptOuts")}
        </Button>
      }
      schema={addOptOuts}
      verb={trpc.contacts.addOptOuts.mutationOptions()}
      defaults={{ defaultCountry: country }}
      submit={t("add")}
      success={(result) => t("optOutsAdded", { added: result.added, known: result.known })}
    >
      <ListField name="numbers" label={t("numbers")} help={t("numbersHelp")} rows={5} />
      <ComboboxField name="defaultCountry" label={t("defaultCountry")} options={countryOptions(locale)} />
      <TextField name="note" label={t("note")} help={t("noteHelp")} optional />
    </FormDialog>
  );
}
