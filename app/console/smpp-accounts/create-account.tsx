"use client";
/** Opens an account; the answer, which holds the password, is shown once. */
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { AccountFields } from "#app/console/smpp-accounts/account-fields.tsx";
import { useShowPassword } from "#app/console/smpp-accounts/new-password-dialog.tsx";
import { createAccount } from "#server/domain/smpp-accounts/input.ts";

const defaults = {
  allowedIps: [],
  maxBinds: 10,
  maxPerSecond: 0,
  windowSize: 100,
  receiptWindow: 100,
  trafficClass: "transactional",
  classFrom: "account",
  defaultAlphabet: "gsm7",
  receiptZone: "utc",
  inactivitySeconds: 0,
} as const;

export function CreateAccount({ tenantId }: { tenantId: string }) {
  const t = useTranslations("smpp");
  const trpc = useTRPC();
  const show = useShowPassword();
  return (
    <FormDialog
      title={t("new")}
      description={t("newLead")}
      trigger={
        <Button look="primary" icon={<Plus aria-hidden />}>
          {t("new")}
        </Button>
      }
      schema={createAccount}
      verb={trpc.smppAccounts.create.mutationOptions()}
      freshIdAs="id"
      defaults={{ tenantId, ...defaults, allowedIps: [...defaults.allowedIps] }}
      prepare={(values) => ({ ...values, allowedIps: values.allowedIps ?? [] })}
      submit={t("create")}
      onDone={show}
      wide
    >
      <AccountFields isNew />
    </FormDialog>
  );
}
