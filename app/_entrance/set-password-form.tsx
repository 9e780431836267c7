"use client";
/** Sets a password by an e-mailed link, for an invitation (with a name) or a reset, and signs in with it. */
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useSyncExternalStore } from "react";
import { accept, reset } from "#app/_entrance/actions.ts";
import { entranceVerb } from "#app/_entrance/entrance-verb.ts";
import { PasswordField } from "#app/_entrance/password-field.tsx";
import { signIn } from "#app/_entrance/session-calls.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Form } from "#app/_ui/form.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { acceptInvitation, resetPassword } from "#server/domain/identity/input.ts";

export function AcceptInvitationForm() {
  return <WithToken>{(token) => <Acceptance token={token} />}</WithToken>;
}

export function ResetPasswordForm() {
  return <WithToken>{(token) => <Reset token={token} />}</WithToken>;
}

const noSubscription = () => () => {};

/** The e-mail's link carries the token behind #, which browsers send to no server and write into no log. */
function WithToken({ children }: { children: (token: string) => ReactNode }) {
  const t = useTranslations("signin");
  const token = useSyncExternalStore(
    noSubscription,
    () => window.location.hash.slice(1),
    () => null,
  );
  if (token === null) return null;
  return token ? children(token) : <Callout kind="danger">{t("noToken")}</Callout>;
}

function Acceptance({ token }: { token: string }) {
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

function Reset({ token }: { token: string }) {
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
  const refusal = await signIn(email, password);
  window.location.assign(refusal === null ? "/console" : "/sign-in?saved=1");
}
