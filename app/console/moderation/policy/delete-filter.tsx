"use client";
/** Takes a phrase off the list. */
import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";

export function DeleteFilter({ filter: { id, phrase } }: { filter: { id: string; phrase: string } }) {
  const t = useTranslations("moderation");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("deleteFilterTitle", { phrase })}
      description={t("deleteFilterLead")}
      trigger={
        <Button look="ghost" size="icon" aria-label={t("deleteFilter", { phrase })} icon={<Trash2 aria-hidden />} />
      }
      confirm={ui("delete")}
      verb={trpc.moderation.deleteFilter.mutationOptions()}
      input={{ id }}
      success={t("filterDeleted", { phrase })}
      danger
    />
  );
}
