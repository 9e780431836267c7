"use client";
/** Asks before what cannot be undone; the gravest things ask to type a word. */
import { useTranslations } from "next-intl";
import { type ReactElement, type ReactNode, useId, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Input } from "#app/_ui/input.tsx";
import { useVerb, type Verb } from "#app/_ui/use-verb.ts";

export type ConfirmDialogProps<In, Out> = {
  title: ReactNode;
  /** What will happen, and what of it cannot be undone. */
  description: ReactNode;
  trigger: ReactElement;
  confirm: string;
  verb: Verb<In, Out>;
  input: In;
  success?: string;
  onDone?: (result: Out) => void;
  danger?: boolean;
  /** The word to type, for example the tenant's name. */
  typed?: string;
};

export function ConfirmDialog<In, Out>(props: ConfirmDialogProps<In, Out>) {
  const { title, description, trigger, confirm, verb, input, success, onDone, danger, typed } = props;
  const t = useTranslations("ui");
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const { run, isPending } = useVerb(verb, { success, onDone });
  const isReady = typed === undefined || text.trim() === typed;
  return (
    <Dialog title={title} description={description} trigger={trigger} open={isOpen} onOpenChange={setOpen}>
      <form
        className="flex flex-col gap-4"
        onSubmit={async (event) => {
          event.preventDefault();
          if (!isReady) return;
          await run(input);
          setText("");
          setOpen(false);
        }}
      >
        {typed === undefined ? null : (
          <div className="flex flex-col gap-1.5">
            <label htmlFor={id} className="text-ink-muted text-sm">
              {t.rich("typeToConfirm", {
                word: typed,
                strong: (chunk) => <strong className="text-ink">{chunk}</strong>,
              })}
            </label>
            <Input id={id} value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" />
          </div>
        )}
        <div className="flex flex-row-reverse justify-start gap-2">
          <Button type="submit" look={danger ? "danger" : "primary"} busy={isPending} disabled={!isReady}>
            {confirm}
          </Button>
          <Button onClick={() => setOpen(false)}>{t("cancel")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
