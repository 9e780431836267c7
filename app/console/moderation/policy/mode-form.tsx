"use client";
/** Sets how strictly a tenant's content is looked at: nothing, by filters, or everything. */
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { useTRPC } from "#app/_trpc/client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { useVerb } from "#app/_ui/use-verb.ts";
import type { Policy } from "#server/domain/moderation/policy.ts";

const modes = ["off", "filters", "always"] as const;

type ModeFormProps = { policy: Policy; mayWrite: boolean; children: ReactNode };

/** @property children stands beside the button: who set the mode last */
export function ModeForm({ policy, mayWrite, children }: ModeFormProps) {
  const t = useTranslations("moderation");
  const ui = useTranslations("ui");
  const trpc = useTRPC();
  const [mode, setMode] = useState(policy.own);
  const { run, isPending } = useVerb(trpc.moderation.setPolicy.mutationOptions(), { success: ui("saved") });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void run({ tenantId: policy.tenantId, mode });
      }}
    >
      <fieldset disabled={!mayWrite} className="grid gap-2 sm:grid-cols-3">
        <legend className="sr-only">{t("ownMode")}</legend>
        {modes.map((value) => (
          <label
            key={value}
            className="flex cursor-pointer gap-2.5 rounded-lg border border-line p-3 has-checked:border-brand-ink has-checked:bg-brand-soft"
          >
            <input
              type="radio"
              name="mode"
              value={value}
              checked={mode === value}
              onChange={() => setMode(value)}
              className="mt-0.5 size-4 shrink-0 accent-[var(--brand-ink)]"
            />
            <span>
              <span className="block font-medium text-base text-ink">{t(`mode.${value}`)}</span>
              <span className="block text-ink-muted text-sm">{t(`modeHint.${value}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>{children}</div>
        {mayWrite ? (
          <Button type="submit" look="primary" busy={isPending} disabled={mode === policy.own}>
            {ui("save")}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
