"use client";
/** Takes a message back while no carrier connection has it. */
import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { toast } from "sonner";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";

export function CancelMessage({ id }: { id: string }) {
  const t = useTranslations("messages");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("cancelTitle")}
      description={t("cancelLead")}
      trigger={<Button icon={<Undo2 aria-hidden />}>{t("cancel")}</Button>}
      confirm={t("cancelConfirm")}
      verb={trpc.messages.cancel.mutationOptions()}
      input={{ ids: [id] }}
      onDone={({ cancelled }) => {
        if (cancelled > 0) toast.success(t("cancelled"));
        else toast.warning(t("tooLateToCancel"));
      }}
      danger
    />
  );
}
