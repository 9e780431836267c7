"use client";
/** Shows a new password once, with all that a program needs to bind; it stands around the page, whose rows may change. */
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";

type Shown = { name: string; systemId: string; password: string };

const Show = createContext<(shown: Shown) => void>(() => {});

/** `const show = useShowPassword()`: the answer's password is null when the call was a repeat, then nothing is shown. */
export function useShowPassword(): (made: { name: string; systemId: string; password: string | null }) => void {
  const show = useContext(Show);
  return ({ name, systemId, password }) => {
    if (password) show({ name, systemId, password });
  };
}

/** @property port where clients bind */
export function NewPasswordDialog({ port, children }: { port: number; children: ReactNode }) {
  const t = useTranslations("smpp");
  const [shown, setShown] = useState<Shown | null>(null);
  return (
    <Show value={setShown}>
      {children}
      {shown ? (
        <Dialog
          title={t("madeTitle", { name: shown.name })}
          open
          onOpenChange={(open) => {
            if (!open) setShown(null);
          }}
        >
          <div className="flex flex-col gap-4">
            <Callout kind="warning">{t("shownOnce")}</Callout>
            <Value label={t("host")} text={window.location.hostname} />
            <Value label={t("port")} text={String(port)} />
            <Value label={t("systemId")} text={shown.systemId} />
            <Value label={t("password")} text={shown.password} />
            <div className="flex justify-end">
              <Button look="primary" onClick={() => setShown(null)}>
                {t("kept")}
              </Button>
            </div>
          </div>
        </Dialog>
      ) : null}
    </Show>
  );
}

function Value({ label, text }: { label: string; text: string }) {
  return (
    <section aria-label={label} className="flex items-center justify-between gap-3">
      <h3 className="font-medium text-ink text-sm">{label}</h3>
      <span className="flex items-center gap-2">
        <code className="break-all font-mono text-ink text-sm">{text}</code>
        <CopyButton text={text} />
      </span>
    </section>
  );
}
