"use client";
/** Shows a new key once, with a request to try. */
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext } from "react";
import { Copyable, ShownOnce } from "#app/_ui/shown-once.tsx";

const Show = createContext<(shown: { name: string; key: string }) => void>(() => {});

/** `const show = useShowKey()`: the answer's key is null when the call was a repeat, then there is nothing to show. */
export function useShowKey(): (made: { name: string; key: string | null }) => void {
  const show = useContext(Show);
  return ({ name, key }) => {
    if (key) show({ name, key });
  };
}

type NewKeyDialogProps = {
  /** An approved name for the example, null when there is none. */
  sender: string | null;
  serviceUrl: string;
  children: ReactNode;
};

export function NewKeyDialog({ sender, serviceUrl, children }: NewKeyDialogProps) {
  const t = useTranslations("keys");
  return (
    <ShownOnce
      context={Show}
      title={({ name }) => t("madeTitle", { name })}
      warning={t("shownOnce")}
      kept={t("kept")}
      wide
      body={({ key }) => (
        <>
          <Copyable label={t("key")} text={key} />
          <Copyable label={t("tryIt")} text={example(serviceUrl, key, sender)} />
          <p className="text-ink-faint text-sm">{t("tryItHint")}</p>
        </>
      )}
    >
      {children}
    </ShownOnce>
  );
}

/** A dry run: it shows the price and sends nothing, so that it can be tried without a second thought. */
function example(serviceUrl: string, key: string, sender: string | null): string {
  const body = JSON.stringify({ sender: sender ?? "YOUR-SENDER", to: "+84912345678", text: "Hello" });
  return [
    `curl -X POST '${serviceUrl}/api/v1/messages?dry_run=true' \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join("\n");
}
