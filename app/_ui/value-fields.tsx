"use client";
/** Fields for values that are not plain text: money, whole numbers, moments, lists of words. */
import { TZDate } from "@date-fns/tz";
import { useTimeZone } from "next-intl";
import { useState } from "react";
import { useController } from "react-hook-form";
import { Field } from "#app/_ui/field.tsx";
import { type Common, useField } from "#app/_ui/form-fields.tsx";
import { Input, Textarea } from "#app/_ui/input.tsx";
import { formatMicros, parseMicros } from "#server/kernel/money.ts";

/** @property nullable an empty box says "none" (null) instead of "not given" (undefined) */
type Value = Common & { nullable?: boolean };
type Codec<T> = { read: (text: string) => T | string; write: (value: T) => string };

/** What is typed stays as typed; the form gets the value, or the text itself when it is not one (so that the shape says so). */
function useText<T>(name: string, nullable: boolean | undefined, { read, write }: Codec<T>) {
  const { field } = useController({ name });
  const [text, setText] = useState(() =>
    field.value === undefined || field.value === null ? "" : write(field.value as T),
  );
  const isCleared = text !== "" && field.value === undefined;
  return {
    value: isCleared ? "" : text,
    onBlur: field.onBlur,
    ref: field.ref,
    onText: (next: string) => {
      setText(next);
      field.onChange(next.trim() === "" ? (nullable ? null : undefined) : read(next.trim()));
    },
  };
}

/** A decimal amount; the form's value is bigint micro-units. */
export function MoneyField({
  name,
  currency,
  label,
  help,
  optional,
  nullable,
  className,
}: Value & { currency: string }) {
  const field = useField({ name, optional });
  const { onText, ...text } = useText<bigint>(name, nullable, {
    read: (typed) => orText(() => parseMicros(typed.replace(/[\s\u00a0]/g, "").replace(",", ".")), typed),
    write: (value) => formatMicros(value, currency),
  });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => (
        <span className="relative block">
          <Input
            inputMode="decimal"
            className="pr-12 text-right tabular-nums"
            {...box}
            {...text}
            onChange={(event) => onText(event.target.value)}
          />
          <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-ink-faint text-xs">
            {currency}
          </span>
        </span>
      )}
    </Field>
  );
}

/** A whole number without a bound; the form's value is a bigint. */
export function IntegerField({ name, label, help, optional, nullable, className }: Value) {
  const field = useField({ name, optional });
  const { onText, ...text } = useText<bigint>(name, nullable, {
    read: (typed) => orText(() => BigInt(typed.replace(/[\s\u00a0]/g, "")), typed),
    write: String,
  });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => (
        <Input
          inputMode="numeric"
          className="text-right tabular-nums"
          {...box}
          {...text}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

/**
 * A moment, typed in a zone that the label's help names; the form's value is a Date.
 * @property timeZone the tenant's when left out
 */
export function DateTimeField({
  name,
  label,
  help,
  optional,
  nullable,
  className,
  timeZone,
  dayOnly,
}: Value & { timeZone?: string; dayOnly?: boolean }) {
  const field = useField({ name, optional });
  const own = useTimeZone() ?? "UTC";
  const zone = timeZone ?? own;
  const length = dayOnly ? 10 : 16;
  const { onText, ...text } = useText<Date>(name, nullable, {
    read: (typed) => inZone(typed, zone),
    write: (value) => new TZDate(value, zone).toISOString().slice(0, length),
  });
  return (
    <Field
      label={label}
      help={help ?? zone}
      className={className}
      id={field.id}
      error={field.error}
      optional={field.optional}
    >
      {(box) => (
        <Input
          type={dayOnly ? "date" : "datetime-local"}
          {...box}
          {...text}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}

/** Words, one a line or between commas; the form's value is an array. */
export function ListField({ name, label, help, optional, nullable, className, rows = 3 }: Value & { rows?: number }) {
  const field = useField({ name, optional });
  const { onText, ...text } = useText<string[]>(name, nullable, {
    read: (typed) => typed.split(/[\n,;]/).flatMap((word) => word.trim() || []),
    write: (value) => value.join("\n"),
  });
  return (
    <Field {...{ label, help, className }} id={field.id} error={field.error} optional={field.optional}>
      {(box) => <Textarea rows={rows} {...box} {...text} onChange={(event) => onText(event.target.value)} />}
    </Field>
  );
}

function orText<T>(read: () => T, typed: string): T | string {
  try {
    return read();
  } catch {
    return typed;
  }
}

/** "2026-03-01T09:30" as read on a clock in that zone. */
function inZone(typed: string, zone: string): Date | string {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?/.exec(typed);
  if (!match) return typed;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return new Date(new TZDate(year, month - 1, day, hour, minute, zone).getTime());
}
