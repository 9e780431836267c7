"use client";
/** Shows a new signing secret once. */
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext } from "react";
import { Copyable, ShownOnce } from "#app/_ui/shown-once.tsx";

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
  return (
    <ShownOnce
      context={Show}
      title={() => t("secretTitle")}
      warning={t("secretOnce")}
      kept={t("secretKept")}
      body={(secret) => (
        <>
          <Copyable label={t("secret")} text={secret} />
          <p className="text-ink-faint text-sm">{t("secretHint")}</p>
        </>
      )}
    >
      {children}
    </ShownOnce>
  );
}
