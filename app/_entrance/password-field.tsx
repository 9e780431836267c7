"use client";
/** A password that can be looked at while it is typed. */
import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "#app/_ui/field.tsx";
import { useField } from "#app/_ui/form-fields.tsx";
import { Input } from "#app/_ui/input.tsx";

export function PasswordField({ name }: { name: string }) {
  const t = useTranslations("signin");
  const field = useField({ name });
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <Field id={field.id} label={t("newPassword")} help={t("newPasswordHelp")} error={field.error}>
      {(box) => (
        <span className="relative block">
          <Input
            type={isShown ? "text" : "password"}
            autoComplete="new-password"
            className="h-10 pr-10"
            {...box}
            {...field.register(name)}
          />
          <button
            type="button"
            aria-label={isShown ? t("hidePassword") : t("showPassword")}
            onClick={() => setShown(!isShown)}
            className="absolute inset-y-0 right-0 flex w-10 items-center justify-center rounded-md text-ink-faint hover:text-ink"
          >
            <Icon className="size-4" aria-hidden />
          </button>
        </span>
      )}
    </Field>
  );
}
