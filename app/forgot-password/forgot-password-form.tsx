"use client";
/** One address in, one and the same answer out. */
import { useTranslations } from "next-intl";
import { useState } from "react";
import { forgot } from "#app/_entrance/actions.ts";
import { entranceVerb } from "#app/_entrance/entrance-verb.ts";
import { Callout } from "#app/_ui/callout.tsx";
import { Form } from "#app/_ui/form.tsx";
import { TextField } from "#app/_ui/form-fields.tsx";
import { requestPasswordReset } from "#server/domain/identity/input.ts";

export function ForgotPasswordForm() {
  const t = useTranslations("signin");
  const [isSent, setSent] = useState(false);
  if (isSent) return <Callout kind="success">{t("forgotDone")}</Callout>;
  return (
    <Form
      schema={requestPasswordReset}
      verb={entranceVerb(forgot)}
      submit={t("forgotSubmit")}
      onDone={() => setSent(true)}
    >
      <TextField name="email" type="email" autoComplete="username" label={t("email")} />
    </Form>
  );
}
