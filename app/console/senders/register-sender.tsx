"use client";
/** Registers a sender name: it is usable once everybody above has approved it. */
import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { TextareaField, TextField } from "#app/_ui/form-fields.tsx";
import { registerSender } from "#server/domain/senders/input.ts";

/** @property isRoot nobody stands above: the name is approved at once */
export function RegisterSender({ isRoot }: { isRoot: boolean }) {
  const t = useTranslations("senders");
  const trpc = useTRPC();
  const router = useRouter();
  return (
    <FormDialog
      title={t("register")}
      description={isRoot ? t("registerLeadRoot") : t("registerLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("register")}
        </Button>
      }
      schema={registerSender}
      freshIdAs="id"
      verb={trpc.senders.register.mutationOptions()}
      submit={t("registerSubmit")}
      success={(sender) => t(sender.status === "approved" ? "registeredApproved" : "registered", { name: sender.name })}
      onDone={(sender) => router.push(`/console/senders/${sender.id}`)}
    >
      <TextField name="name" label={t("name")} help={t("nameHelp")} autoComplete="off" maxLength={11} />
      <TextareaField name="purpose" label={t("purpose")} help={t("purposeHelp")} rows={3} />
    </FormDialog>
  );
}
