"use client";
/**
 * Shows a new key once, with a request to try. It stands around the page, so that the list may be read again, and rows
 * may change or go, while the key is on the screen.
 */
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, useContext, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";

type NewKey = { name: string; key: string };

const Show = createContext<(key: NewKey) => void>(() => {});

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
  const [shown, setShown] = useState<NewKey | null>(null);
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
          wide
        >
          <div className="flex flex-col gap-4">
            <Callout kind="warning">{t("shownOnce")}</Callout>
            <Copyable label={t("key")} text={shown.key} />
            <Copyable label={t("tryIt")} text={example(serviceUrl, shown.key, sender)} />
            <p className="text-ink-faint text-sm">{t("tryItHint")}</p>
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

function Copyable({ label, text }: { label: string; text: string }) {
  return (
    <section aria-label={label}>
      <h3 className="mb-1 flex items-center justify-between gap-2 font-medium text-ink text-sm">
        {label}
        <CopyButton text={text} />
      </h3>
      <pre className="whitespace-pre-wrap break-all rounded-md border border-line bg-subtle px-3 py-2 font-mono text-ink text-xs">
        {text}
      </pre>
    </section>
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
