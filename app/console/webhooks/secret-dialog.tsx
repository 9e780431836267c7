"use client";
/**
 * Shows a new signing secret once. It stands around the page, so that the page may be read again while the secret is on
 * the screen.
 */
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";

const Show = createContext<(secret: string) => void>(() => {});

/** `const show = useShowSecret()`: the answer's secret is null when the call was a repeat, then there is nothing to show. */
export function useShowSecret(): (made: { secret: string | null }) => void {
  const show = useContext(Show);
  return ({ secret }) => {
    if (secret) show(secret);
  };
}

export function SecretDialog({ children }: { children: ReactNode }) {
  const t = useTranslations("webhooks");
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => setSecret(null);
  return (
    <Show value={setSecret}>
      {children}
      {secret ? (
        <Dialog title={t("secretTitle")} open onOpenChange={(open) => (open ? undefined : close())}>
          <div className="flex flex-col gap-4">
            <Callout kind="warning">{t("secretOnce")}</Callout>
            <section aria-label={t("secret")}>
              <h3 className="mb-1 flex items-center justify-between gap-2 font-medium text-ink text-sm">
                {t("secret")}
                <CopyButton text={secret} />
              </h3>
              <pre className="whitespace-pre-wrap break-all rounded-md border border-line bg-subtle px-3 py-2 font-mono text-ink text-xs">
                {secret}
              </pre>
            </section>
            <p className="text-ink-faint text-sm">{t("secretHint")}</p>
            <div className="flex justify-end">
              <Button look="primary" onClick={close}>
                {t("secretKept")}
              </Button>
            </div>
          </div>
        </Dialog>
      ) : null}
    </Show>
  );
}
