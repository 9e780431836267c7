"use client";
/** Adds a phrase that is looked for in every text of the tenant and of all below it. */
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { createFilter, filterAction } from "#server/domain/moderation/input.ts";

export function AddFilter({ tenantId }: { tenantId: string }) {
  const t = useTranslations("moderation");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("addFilter")}
      description={t("addFilterLead")}
      trigger={<Button icon={<Plus aria-hidden />}>{t("addFilter")}</Button>}
      schema={createFilter}
      freshIdAs="id"
      verb={trpc.moderation.createFilter.mutationOptions()}
      defaults={{ tenantId, action: "review" }}
      submit={t("addFilterSubmit")}
      success={(filter) => t("filterAdded", { phrase: filter.phrase })}
    >
      <TextField name="phrase" label={t("phrase")} help={t("phraseHelp")} autoComplete="off" />
      <SelectField
        name="action"
        label={t("action")}
        options={filterAction.options.map((value) => ({ value, label: t(`actionLong.${value}`) }))}
      />
    </FormDialog>
  );
}
