"use client";
/** Chooses whose policy is shown: the reader's own or one below. The address keeps it. */
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useTransition } from "react";
import { Combobox } from "#app/_ui/combobox.tsx";
import { Field } from "#app/_ui/field.tsx";
import type { Option } from "#app/_ui/input.tsx";

export function TenantPicker({ value, ownId, options }: { value: string; ownId: string; options: Option[] }) {
  const t = useTranslations("moderation");
  const router = useRouter();
  const id = useId();
  const [isPending, start] = useTransition();
  return (
    <div className="max-w-sm" aria-busy={isPending}>
      <Field id={id} label={t("policyOf")}>
        {(box) => (
          <Combobox
            {...box}
            options={options}
            value={value}
            onChange={(next) => {
              const query = next && next !== ownId ? `?tenant=${next}` : "";
              if (next) start(() => router.replace(`/console/moderation/policy${query}`, { scroll: false }));
            }}
          />
        )}
      </Field>
    </div>
  );
}
