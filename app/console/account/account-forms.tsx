"use client";
/** Forms of one's own account. What ends the sessions ends this one too and leads to the sign-in page. */
import { LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { chooseLocale } from "#app/_locale/actions.ts";
import { isLocale, localeNames, locales } from "#app/_locale/locales.ts";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog } from "#app/_ui/confirm-dialog.tsx";
import { Form } from "#app/_ui/form.tsx";
import { SelectField, TextField } from "#app/_ui/form-fields.tsx";
import { changePassword, updateProfile } from "#server/domain/identity/input.ts";

export function Profile({ name, locale }: { name: string; locale: string | null }) {
  const t = useTranslations("account");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  return (
    <Form
      schema={updateProfile}
      verb={trpc.session.updateProfile.mutationOptions()}
      defaults={{ name, locale: isLocale(locale) ? locale : undefined }}
      prepare={(values) => ({ ...values, locale: values.locale ?? null })}
      submit={ui("save")}
      success={ui("saved")}
      onDone={(user) => {
        // The pages before sign-in speak this language too.
        if (isLocale(user.locale)) void chooseLocale(user.locale);
      }}
    >
      <TextField name="name" label={t("name")} autoComplete="name" />
      <SelectField
        name="locale"
        label={t("language")}
        help={t("languageHelp")}
        placeholder={t("languageAsBrowser")}
        options={locales.map((value) => ({ value, label: localeNames[value] }))}
      />
    </Form>
  );
}

/** @property email for password managers, which ask for the account that a password belongs to */
export function ChangePassword({ email }: { email: string }) {
  const t = useTranslations("account");
  const trpc = useTRPC();
  return (
    <Form
      schema={changePassword}
      verb={trpc.session.changePassword.mutationOptions()}
      defaults={{ currentPassword: "", newPassword: "" }}
      submit={t("changePassword")}
      success={t("passwordChanged")}
      onDone={toSignIn}
    >
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <TextField name="currentPassword" label={t("currentPassword")} type="password" autoComplete="current-password" />
      <TextField
        name="newPassword"
        label={t("newPassword")}
        help={t("newPasswordHelp")}
        type="password"
        autoComplete="new-password"
      />
    </Form>
  );
}

export function SignOutEverywhere() {
  const t = useTranslations("account");
  const trpc = useTRPC();
  return (
    <ConfirmDialog
      title={t("signOutTitle")}
      description={t("signOutLead")}
      trigger={<Button icon={<LogOut aria-hidden />}>{t("signOutEverywhere")}</Button>}
      confirm={t("signOutEverywhere")}
      verb={trpc.session.signOutEverywhere.mutationOptions()}
      input={undefined}
      onDone={toSignIn}
      danger
    />
  );
}

/** A full load: nothing of this person's data stays in the page's memory. */
function toSignIn() {
  window.location.assign("/sign-in");
}
