"use client";
/** Fields of a partner's description: a place in an answer, and lists that are typed a line an entry. */
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useController, useWatch } from "react-hook-form";
import { Field } from "#app/_ui/field.tsx";
import { type Common, FieldRow, SelectField, TextField, useField } from "#app/_ui/form-fields.tsx";
import { Textarea } from "#app/_ui/input.tsx";
import { placeKinds } from "#server/domain/routing/http-description.ts";

type Kind = (typeof placeKinds)[number];

/** Where a value stands; an empty box says nowhere. @property fields also a form's fields and a query's parameters */
export function PlaceField({ name, label, help, optional, fields }: Common & { fields?: boolean }) {
  const t = useTranslations("partners");
  const [from = "json"] = useWatch({ name: [`${name}.from`] }) as [Kind?];
  return (
    <FieldRow>
      <TextField
        name={`${name}.path`}
        label={label}
        help={help ?? t(`placeHelp.${from}`)}
        placeholder={examples[from]}
        className="col-span-full sm:col-auto"
        autoComplete="off"
        spellCheck={false}
        optional={optional}
      />
      <SelectField
        name={`${name}.from`}
        label={t("placeFrom")}
        options={placeKinds
          .filter((kind) => fields || kind !== "field")
          .map((value) => ({ value, label: t(`placeKinds.${value}`) }))}
      />
    </FieldRow>
  );
}

const examples: Record<Kind, string> = {
  json: "/messages/0/id",
  xml: "response/message/@id",
  pattern: "id:(\\w+)",
  header: "X-Message-Id",
  field: "msgid",
};

/** @property read null for a line that is no entry: the text itself then goes to the shape, which says so */
type Lines<T> = Common & { read(line: string): T; write(entry: T): string; placeholder?: string; rows?: number };

export function LinesField<T>({ name, label, help, optional, read, write, ...box }: Lines<T>) {
  const field = useField({ name, optional });
  const { field: bound } = useController({ name });
  const [text, setText] = useState(() => ((bound.value as T[] | undefined) ?? []).map(write).join("\n"));
  const onText = (next: string) => {
    setText(next);
    const lines = next.split("\n").filter((line) => line.trim() !== "");
    bound.onChange(lines.map(read));
  };
  return (
    <Field {...{ label, help }} id={field.id} error={field.error} optional={field.optional}>
      {(given) => (
        <Textarea
          {...box}
          {...given}
          className="font-mono text-xs"
          spellCheck={false}
          value={text}
          onBlur={bound.onBlur}
          ref={bound.ref}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}
