"use client";
/** What can be done to a price list besides its prices: rename it, delete it while no order uses it. */
import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { updatePriceList } from "#server/domain/pricing/input.ts";

type Named = { id: string; name: string };

export function RenamePriceList({ list: { id, name } }: { list: Named }) {
  const t = useTranslations("prices");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("renameTitle", { name })}
      trigger={<Button icon={<Pencil aria-hidden />}>{t("rename")}</Button>}
      schema={updatePriceList}
      verb={trpc.prices.update.mutationOptions()}
      defaults={{ id, name }}
      submit={ui("save")}
      success={ui("saved")}
    >
      <TextField name="name" label={t("name")} autoComplete="off" />
    </FormDialog>
  );
}

export function DeletePriceList({ list: { id, name } }: { list: Named }) {
  const t = useTranslations("prices");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("deleteTitle", { name })}
      description={t("deleteLead")}
      verb={trpc.prices.delete.mutationOptions()}
      input={{ id }}
      success={t("deletedToast", { name })}
      leaveTo="/console/price-lists"
    />
  );
}
