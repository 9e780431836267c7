"use client";
/**
 * E-mail and password; the answer is a stable code in the reader's language. The form says "post", so that nothing can
 * ever put the password into an address.
 */
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { signIn } from "#app/_entrance/session-calls.ts";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Input } from "#app/_ui/input.tsx";
import { useHydrated } from "#app/_ui/use-hydrated.ts";

export function SignInForm({ next }: { next: string }) {
  const t = useTranslations("signin");
  const errors = useTranslations("errors");
  const id = useId();
  const [code, setCode] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const isAlive = useHydrated();
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setCode(null);
    const refusal = await signIn(String(form.get("email")), String(form.get("password")));
    if (refusal === null) {
      // A full load: the console comes in the brand, language and rights of this person from its first byte.
      window.location.assign(next);
      return;
    }
    setBusy(false);
    setCode(refusal);
  }
  return (
    <form method="post" className="flex flex-col gap-4" onSubmit={submit}>
      {code ? <Callout kind="danger">{errors(errors.has(code) ? code : "unexpected")}</Callout> : null}
      <Field id={`${id}-email`} label={t("email")}>
        {(box) => <Input {...box} name="email" type="email" autoComplete="username" required className="h-10" />}
      </Field>
      <Field id={`${id}-password`} label={t("password")}>
        {(box) => (
          <Input {...box} name="password" type="password" autoComplete="current-password" required className="h-10" />
        )}
      </Field>
      <Button type="submit" look="primary" size="lg" busy={isBusy} disabled={!isAlive} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
