"use client";
/** Takes a number off the opt-outs: its owner asked for messages again. */
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { DeleteDialog } from "#app/_ui/delete-dialog.tsx";

export function RemoveOptOut({ msisdn }: { msisdn: string }) {
  const t = useTranslations("contacts");
  const trpc = useTRPC();
  const number = `+${msisdn}`;
  return (
    <DeleteDialog
      title={t("removeOptOutTitle", { number })}
      description={t("removeOptOutLead")}
      label={t("removeOptOut", { number })}
      confirm={t("remove")}
      verb={trpc.contacts.removeOptOuts.mutationOptions()}
      input={{ numbers: [number] }}
      success={t("optOutRemoved", { number })}
    />
  );
}
