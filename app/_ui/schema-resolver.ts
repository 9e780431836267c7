"use client";
/** Checks a form against a verb's zod shape, with zod's messages in the reader's language. */
import { useTranslations } from "next-intl";
import { type FieldErrors, type FieldValues, type Resolver, set } from "react-hook-form";
import type { z } from "zod";

type Translate = ReturnType<typeof useTranslations>;

export function useSchemaResolver<In extends FieldValues>(
  schema: z.ZodType<unknown, In>,
  prepare: ((values: In) => In) | undefined,
): Resolver<In> {
  const t = useTranslations("validation");
  return (values) => {
    const tidy = withoutBlanks(values) as In;
    const input = prepare ? prepare(tidy) : tidy;
    const result = schema.safeParse(input, { error: (issue) => issueText(t, issue) });
    // The verb parses again: it gets what was typed, not what this shape made of it.
    if (result.success) return { values: input, errors: {} };
    const errors = {};
    for (const issue of result.error.issues) {
      const path = issue.path.join(".") || "root";
      set(errors, path, { type: issue.code, message: translated(t, issue.message) });
    }
    return { values: {}, errors: errors as FieldErrors<In> };
  };
}

/** Zod's own English names types and comparisons; people are told what to write. */
function issueText(t: Translate, issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined || issue.input === null) return t("required");
  if (issue.code === "too_small") return t(`tooSmall.${sizeOf(issue.origin)}`, { limit: Number(issue.minimum) });
  if (issue.code === "too_big") return t(`tooBig.${sizeOf(issue.origin)}`, { limit: Number(issue.maximum) });
  if (issue.code === "invalid_format")
    return t(issue.format === "email" || issue.format === "url" ? issue.format : "format");
  if (issue.code === "invalid_value") return t("choose");
  if (issue.code === "invalid_type" && issue.expected === "date") return t("date");
  return t(issue.code === "invalid_type" && ["bigint", "number", "int"].includes(issue.expected) ? "digits" : "format");
}

const sizeOf = (origin: string) => (origin === "string" || origin === "array" || origin === "date" ? origin : "number");

/**
 * Messages that a shape carries itself are English; the catalogue has them under `validation` by their words:
 * "This currency is not known." is `this_currency_is_not_known`.
 */
function translated(t: Translate, message: string): string {
  const key = messageKey(message);
  return key && t.has(key) ? t(key) : message;
}

export const messageKey = (message: string): string =>
  message
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");

/** An empty box means "not given". */
function withoutBlanks(value: unknown): unknown {
  if (value === "") return undefined;
  if (Array.isArray(value)) return value.map(withoutBlanks);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutBlanks(inner)]));
}
