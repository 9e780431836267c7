"use client";
/** A form in a dialog that closes when the verb has succeeded. */
import { useTranslations } from "next-intl";
import { type ReactElement, type ReactNode, useState } from "react";
import type { FieldValues } from "react-hook-form";
import { Button } from "#app/_ui/button.tsx";
import { Dialog } from "#app/_ui/dialog.tsx";
import { Form, type FormProps } from "#app/_ui/form.tsx";

type FormDialogProps<In extends FieldValues, Out> = Omit<FormProps<In, Out>, "secondary"> & {
  title: ReactNode;
  description?: ReactNode;
  trigger: ReactElement;
  wide?: boolean;
};

export function FormDialog<In extends FieldValues, Out>({
  title,
  description,
  trigger,
  wide,
  onDone,
  ...form
}: FormDialogProps<In, Out>) {
  const t = useTranslations("ui");
  const [isOpen, setOpen] = useState(false);
  function done(result: Out) {
    setOpen(false);
    onDone?.(result);
  }
  return (
    <Dialog title={title} description={description} trigger={trigger} wide={wide} open={isOpen} onOpenChange={setOpen}>
      <Form {...form} onDone={done} secondary={<Button onClick={() => setOpen(false)}>{t("cancel")}</Button>} />
    </Dialog>
  );
}
