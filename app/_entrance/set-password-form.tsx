"use client";
/** Sets a password by an e-mailed link, for an invitation (with a name) or a reset, and signs in with it. */
import { signIn } from "next-auth/react";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { accept, reset } from "#app/_entrance/actions.ts";
import { entranceVerb } from "#app/_entrance/entrance-verb.ts";
import { PasswordField } from "#app/_entrance/password-field.tsx";
import { Form } from "#app/_ui/form.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { acceptInvitation, resetPassword } from "#server/domain/identity/input.ts";

export function AcceptInvitationForm({ token }: { token: string }) {
  const t = useTranslations("signin");
  const password = useRef("");
  return (
    <Form
      schema={acceptInvitation}
      verb={entranceVerb(accept)}
      defaults={{ token }}
      submit={t("setPassword")}
      prepare={(values) => {
        password.current = values.password;
        return values;
      }}
      onDone={({ email }) => enter(email, password.current)}
    >
      <TextField name="name" label={t("yourName")} autoComplete="name" />
      <PasswordField name="password" />
    </Form>
  );
}

export function ResetPasswordForm({ token }: { token: string }) {
  const t = useTranslations("signin");
  const password = useRef("");
  return (
    <Form
      schema={resetPassword}
      verb={entranceVerb(reset)}
      defaults={{ token }}
      submit={t("setPassword")}
      prepare={(values) => {
        password.current = values.password;
        return values;
      }}
      onDone={({ email }) => enter(email, password.current)}
    >
      <PasswordField name="password" />
    </Form>
  );
}

/** Where signing in does not work at once (another brand's host), the sign-in page says that the password is saved. */
async function enter(email: string, password: string) {
  const answer = await signIn("credentials", { email, password, redirect: false }).catch(() => undefined);
  window.location.assign(answer?.ok && !answer.error ? "/console" : "/sign-in?saved=1");
}
