"use client";
/** What a reviewer does with a sender name: approve, reject with a reason. */
import { Check, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextareaField } from "#app/_ui/form-fields.tsx";
import { decideSender } from "#server/domain/senders/input.ts";

type Named = { id: string; name: string };

/** @property isFinal nobody above decides after this reader */
export function ApproveSender({ sender: { id, name }, isFinal }: { sender: Named; isFinal: boolean }) {
  const t = useTranslations("senders");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("approveTitle", { name })}
      description={t(isFinal ? "approveLeadFinal" : "approveLead")}
      trigger={
        <Button look="primary" icon={<Check aria-hidden />}>
          {t("approve")}
        </Button>
      }
      confirm={t("approve")}
      verb={trpc.senders.decide.mutationOptions()}
      input={{ id, decision: "approved" }}
      success={t("approved", { name })}
    />
  );
}

export function RejectSender({ sender: { id, name } }: { sender: Named }) {
  const t = useTranslations("senders");
  const trpc = useTRPC();
  return (
    <FormDialog
      title={t("rejectTitle", { name })}
      description={t("rejectLead")}
      trigger={<Button icon={<X aria-hidden />}>{t("reject")}</Button>}
      schema={decideSender}
      verb={trpc.senders.decide.mutationOptions()}
      defaults={{ id, decision: "rejected" }}
      submit={t("reject")}
      success={t("rejected", { name })}
      danger
    >
      <TextareaField name="reason" label={t("reason")} help={t("reasonHelp")} rows={3} />
    </FormDialog>
  );
}
