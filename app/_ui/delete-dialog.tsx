"use client";
/** A button that takes a thing away, after a question; a page of its own is left for the list. */
import { Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Button } from "#app/_ui/button.tsx";
import { ConfirmDialog, type ConfirmDialogProps } from "#app/_ui/confirm-dialog.tsx";

type DeleteDialogProps<In, Out> = Omit<
  ConfirmDialogProps<In, Out>,
  "trigger" | "confirm" | "danger" | "onDone" | "success"
> & {
  success: string;
  /** What the button that confirms says; "Delete" when left out. */
  confirm?: string;
  /** In rows: the button is its icon alone, and is called so. */
  label?: string;
  /** The list's address, where the thing has a page of its own. */
  leaveTo?: string;
};

export function DeleteDialog<In, Out>({ confirm, label, leaveTo, ...question }: DeleteDialogProps<In, Out>) {
  const t = useTranslations("ui");
  const router = useRouter();
  return (
    <ConfirmDialog
      {...question}
      danger
      trigger={
        label === undefined ? (
          <Button icon={<Trash2 aria-hidden />}>{t("delete")}</Button>
        ) : (
          <Button look="ghost" size="icon" aria-label={label} icon={<Trash2 aria-hidden />} />
        )
      }
      confirm={confirm ?? t("delete")}
      onDone={leaveTo === undefined ? undefined : () => router.push(leaveTo)}
    />
  );
}
