"use client";
/** Renames and deletes a list. */
import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { renameList } from "#server/domain/contacts/input.ts";

type Named = { id: string; name: string; acceptedCount: number };

export function RenameList({ list: { id, name } }: { list: Named }) {
  const t = useTranslations("contacts");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <FormDialog
      key={name}
      title={t("renameTitle")}
      trigger={<Button icon={<Pencil aria-hidden />}>{t("rename")}</Button>}
      schema={renameList}
      verb={trpc.contacts.renameList.mutationOptions()}
      defaults={{ id, name }}
      submit={ui("save")}
      success={ui("saved")}
    >
      <TextField name="name" label={t("listName")} autoComplete="off" />
    </FormDialog>
  );
}

export function DeleteList({ list: { id, name, acceptedCount } }: { list: Named }) {
  const t = useTranslations("contacts");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("deleteTitle", { name })}
      description={t("deleteLead", { count: acceptedCount })}
      verb={trpc.contacts.deleteList.mutationOptions()}
      input={{ id }}
      success={t("deleted", { name })}
      leaveTo="/console/recipients"
    />
  );
}
