"use client";
/** Shows a new password once, with all that a program needs to bind. */
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext } from "react";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { ShownOnce } from "#app/_ui/shown-once.tsx";

const Show = createContext<(shown: { name: string; systemId: string; password: string }) => void>(() => {});

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
  return (
    <ShownOnce
      context={Show}
      title={({ name }) => t("madeTitle", { name })}
      warning={t("shownOnce")}
      kept={t("kept")}
      body={({ systemId, password }) => (
        <>
          <Value label={t("host")} text={window.location.hostname} />
          <Value label={t("port")} text={String(port)} />
          <Value label={t("systemId")} text={systemId} />
          <Value label={t("password")} text={password} />
        </>
      )}
    >
      {children}
    </ShownOnce>
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
