"use client";
/** Chooses whose users, keys or brand a page shows: the own tenant's, or those of one below it. */
import { usePathname, useRouter } from "next/navigation";
import { useId, useTransition } from "react";
import { Combobox } from "#app/_ui/combobox.tsx";

type SwitchProps = {
  label: string;
  tenants: { id: string; name: string }[];
  /** The one shown now. */
  current: string;
};

export function TenantSwitch({ label, tenants, current }: SwitchProps) {
  const id = useId();
  const router = useRouter();
  const path = usePathname();
  const [isPending, start] = useTransition();
  if (tenants.length < 2) return null;
  return (
    <div className="flex items-center gap-2 pb-3" aria-busy={isPending}>
      <label htmlFor={id} className="whitespace-nowrap text-ink-faint text-sm">
        {label}
      </label>
      <div className="w-72 max-w-full">
        <Combobox
          key={current}
          id={id}
          options={tenants.map((tenant) => ({ value: tenant.id, label: tenant.name }))}
          value={current}
          onChange={(next) => {
            if (next && next !== current) start(() => router.push(`${path}?tenant=${next}`));
          }}
          disabled={isPending}
        />
      </div>
    </div>
  );
}
