"use client";
/**
 * What is shown once and never again: keys, passwords, secrets. The dialog stands around the page, so that the page may be
 * read again, and its rows may change or go, while the secret is on the screen.
 */
import { type Context, type ReactNode, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Callout } from "#app/_ui/callout.tsx";
import { CopyButton } from "#app/_ui/copy-button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";

type ShownOnceProps<T> = {
  /** What is inside of the page opens the dialog by the function that this context holds. */
  context: Context<(shown: T) => void>;
  title: (shown: T) => string;
  /** That it is now or never. */
  warning: string;
  /** What the button that closes says. */
  kept: string;
  wide?: boolean;
  body: (shown: T) => ReactNode;
  children: ReactNode;
};

export function ShownOnce<T>({ context: Show, title, warning, kept, wide, body, children }: ShownOnceProps<T>) {
  const [shown, setShown] = useState<{ value: T } | null>(null);
  const close = () => setShown(null);
  return (
    <Show value={(value) => setShown({ value })}>
      {children}
      {shown ? (
        <Dialog title={title(shown.value)} open onOpenChange={(open) => (open ? undefined : close())} wide={wide}>
          <div className="flex flex-col gap-4">
            <Callout kind="warning">{warning}</Callout>
            {body(shown.value)}
            <div className="flex justify-end">
              <Button look="primary" onClick={close}>
                {kept}
              </Button>
            </div>
          </div>
        </Dialog>
      ) : null}
    </Show>
  );
}

/** Long text in a box of its own, with a button that copies it. */
export function Copyable({ label, text }: { label: string; text: string }) {
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
