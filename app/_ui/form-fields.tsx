"use client";
/** Fields that know their form: label, help and error wired, bound by `name` to the verb's input. */
import { useTranslations } from "next-intl";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { type FieldError, get, useController, useFormContext } from "react-hook-form";
import { Combobox } from "#app/_ui/combobox.tsx";
import { Field } from "#app/_ui/field.tsx";
import { Checkbox, Input, type Option, Select, Textarea } from "#app/_ui/input.tsx";

export type Common = { name: string; label: ReactNode; help?: ReactNode; optional?: boolean; className?: string };

export function useField({ name, optional }: Pick<Common, "name" | "optional">) {
  const t = useTranslations("ui");
  const { register, formState } = useFormContext();
  const error = firstMessage(get(formState.errors, name));
  // What the server draws, before the form is alive, must be the value already: a select would show its first choice.
  const [first] = useState(() => get(formState.defaultValues, name) as string | number | undefined);
  const initial = first ?? undefined;
  return { id: useId(), register, error, initial, optional: optional ? t("optional") : undefined };
}

/** Of a list: that of its first entry that has one. */
function firstMessage(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { message } = error as FieldError;
  if (typeof message === "string") return message;
  return Object.values(error)
    .map(firstMessage)
    .find((text) => text !== undefined);
}

type InputProps = Omit<ComponentProps<"input">, "name" | "className" | "id">;

export function TextField({ name, label, help, optional, className, ...input }: Common & InputProps) {
  const field = useField({ name, optional });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => <Input defaultValue={field.initial} {...input} {...box} {...field.register(name)} />}
    </Field>
  );
}

/** Gives the verb a number, or nothing when empty. */
export function NumberField({ name, label, help, optional, className, ...input }: Common & InputProps) {
  const field = useField({ name, optional });
  const asNumber = (text: unknown) => (text === "" || text === null || text === undefined ? undefined : Number(text));
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => (
        <Input
          type="number"
          inputMode="decimal"
          defaultValue={field.initial}
          {...input}
          {...box}
          {...field.register(name, { setValueAs: asNumber })}
        />
      )}
    </Field>
  );
}

type TextareaProps = Omit<ComponentProps<"textarea">, "name" | "className" | "id">;

export function TextareaField({ name, label, help, optional, className, ...input }: Common & TextareaProps) {
  const field = useField({ name, optional });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => <Textarea defaultValue={field.initial} {...input} {...box} {...field.register(name)} />}
    </Field>
  );
}

type Choices = { options: readonly Option[]; placeholder?: string; disabled?: boolean };

export function SelectField({ name, label, help, optional, className, ...choices }: Common & Choices) {
  const field = useField({ name, optional });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => <Select defaultValue={field.initial} {...choices} {...box} {...field.register(name)} />}
    </Field>
  );
}

/** For long lists: typed into to find the entry. */
export function ComboboxField({ name, label, help, optional, className, ...choices }: Common & Choices) {
  const field = useField({ name, optional });
  const { field: bound } = useController({ name });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => <Combobox {...choices} {...box} value={bound.value} onChange={bound.onChange} onBlur={bound.onBlur} />}
    </Field>
  );
}

export function CheckboxField({ name, label, help, className }: Omit<Common, "optional">) {
  const { id, register, error } = useField({ name });
  return (
    <div className={className}>
      <label htmlFor={id} className="flex items-start gap-2 text-base text-ink">
        <Checkbox id={id} className="mt-0.5" aria-describedby={help ? `${id}-help` : undefined} {...register(name)} />
        <span>
          {label}
          {help ? (
            <span id={`${id}-help`} className="block text-ink-faint text-xs">
              {help}
            </span>
          ) : null}
        </span>
      </label>
      {error ? <p className="mt-1 text-danger text-xs">{error}</p> : null}
    </div>
  );
}

/** Two or more fields in one line where there is room. */
export function FieldRow({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,12rem),1fr))] items-start gap-4">{children}</div>
  );
}
