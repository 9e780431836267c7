"use client";
/** Changes an account, makes its password anew, switches it off and on. */
import { KeyRound, Pencil, Power } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { FormDialog } from "#app/_ui/form-dialog.tsx";
import { AccountFields } from "#app/console/smpp-accounts/account-fields.tsx";
import { useShowPassword } from "#app/console/smpp-accounts/new-password-dialog.tsx";
import { updateAccount } from "#server/domain/smpp-accounts/input.ts";
import type { AccountWithBinds } from "#server/domain/smpp-accounts/list.ts";

type Props = { account: AccountWithBinds };

export function EditAccount({ account }: Props) {
  const t = useTranslations("smpp");
  const trpc = useTRPC();
  const { id, name, allowedIps, maxBinds, windowSize, receiptWindow, maxPerSecond } = account;
  const { defaultAlphabet, trafficClass, classFrom, receiptZone, inactivitySeconds } = account;
  const limits = { maxBinds, windowSize, receiptWindow, maxPerSecond, inactivitySeconds };
  return (
    <FormDialog
      title={t("editTitle", { name })}
      trigger={
        <Button size="sm" look="ghost" icon={<Pencil aria-hidden />} aria-label={t("editTitle", { name })}>
          {t("edit")}
        </Button>
      }
      schema={updateAccount}
      verb={trpc.smppAccounts.update.mutationOptions()}
      defaults={{ id, name, allowedIps, ...limits, defaultAlphabet, trafficClass, classFrom, receiptZone }}
      prepare={(values) => ({ ...values, allowedIps: values.allowedIps ?? [] })}
      submit={t("save")}
      success={t("saved", { name })}
      wide
    >
      <AccountFields isNew={false} />
    </FormDialog>
  );
}

export function ResetPassword({ account: { id, name } }: Props) {
  const t = useTranslations("smpp");
  const trpc = useTRPC();
  const show = useShowPassword();
  return (
    <ConfirmDialog
      title={t("resetTitle", { name })}
      description={t("resetLead")}
      trigger={
        <Button size="sm" look="ghost" icon={<KeyRound aria-hidden />} aria-label={t("resetTitle", { name })}>
          {t("reset")}
        </Button>
      }
      confirm={t("reset")}
      verb={trpc.smppAccounts.resetPassword.mutationOptions()}
      input={{ id }}
      onDone={show}
      danger
    />
  );
}

export function SwitchAccount({ account: { id, name, status } }: Props) {
  const t = useTranslations("smpp");
  const trpc = useTRPC();
  const isOn = status === "enabled";
  const title = t(isOn ? "disableTitle" : "enableTitle", { name });
  return (
    <ConfirmDialog
      title={title}
      description={t(isOn ? "disableLead" : "enableLead")}
      trigger={
        <Button size="sm" look="ghost" icon={<Power aria-hidden />} aria-label={title}>
          {t(isOn ? "disable" : "enable")}
        </Button>
      }
      confirm={t(isOn ? "disable" : "enable")}
      verb={trpc.smppAccounts.update.mutationOptions()}
      input={{ id, status: isOn ? ("disabled" as const) : ("enabled" as const) }}
      success={t("saved", { name })}
      danger={isOn}
    />
  );
}
