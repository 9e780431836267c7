"use client";
/** Chooses a role; every role says what it may do. */
import { useTranslations } from "next-intl";
import { ChoiceGroup } from "#app/_ui/choice-group.tsx";
import { useField } from "#app/_ui/form-fields.tsx";
import { role } from "#server/domain/identity/input.ts";

/** @property asOwner only owners make owners */
export function RoleField({ name, asOwner }: { name: string; asOwner: boolean }) {
  const t = useTranslations("users");
  const roles = useTranslations("roles");
  const { id, register, error } = useField({ name });
  const offered = role.options.filter((option) => asOwner || option !== "owner");
  return (
    <ChoiceGroup id={id} label={t("role")} error={error} look="divide-y">
      {offered.map((option) => (
        <label
          key={option}
          className="flex cursor-pointer items-start gap-2.5 px-3 py-2 first:rounded-t-md last:rounded-b-md hover:bg-muted has-checked:bg-brand-soft"
        >
          <input
            type="radio"
            value={option}
            className="mt-0.5 size-4 shrink-0 accent-[var(--brand-ink)]"
            aria-labelledby={`${id}-${option}-name`}
            aria-describedby={`${id}-${option}`}
            {...register(name)}
          />
          <span className="min-w-0">
            <span id={`${id}-${option}-name`} className="block font-medium text-ink text-sm">
              {roles(option)}
            </span>
            <span id={`${id}-${option}`} className="block text-ink-muted text-xs">
              {t(`mayDo.${option}`)}
            </span>
          </span>
        </label>
      ))}
    </ChoiceGroup>
  );
}
