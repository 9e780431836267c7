"use client";
/** Takes a number off the opt-outs: its owner asked for messages again. */
import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";

export function RemoveOptOut({ msisdn }: { msisdn: string }) {
  const t = useTranslations("contacts");
  const trpc = useTRPC();
  const number = `+${msisdn}`;
  return (
    <ConfirmDialog
      title={t("removeOptOutTitle", { number })}
      description={t("removeOptOutLead")}
      trigger={
        <Button look="ghost" size="icon" aria-label={t("removeOptOut", { number })} icon={<Trash2 aria-hidden />} />
      }
      confirm={t("remove")}
      verb={trpc.contacts.removeOptOuts.mutationOptions()}
      input={{ numbers: [number] }}
      success={t("optOutRemoved", { number })}
      danger
    />
  );
}
