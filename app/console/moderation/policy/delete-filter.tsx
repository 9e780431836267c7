"use client";
/** Takes a phrase off the list. */
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";

export function DeleteFilter({ filter: { id, phrase } }: { filter: { id: string; phrase: string } }) {
  const t = useTranslations("moderation");
  const trpc = useTRPC();
  return (
    <DeleteDialog
      title={t("deleteFilterTitle", { phrase })}
      description={t("deleteFilterLead")}
      label={t("deleteFilter", { phrase })}
      verb={trpc.moderation.deleteFilter.mutationOptions()}
      input={{ id }}
      success={t("filterDeleted", { phrase })}
    />
  );
}
