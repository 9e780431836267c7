"use client";
/** Checks a form against a verb's zod shape, with zod's messages in the reader's language. */
import { useLocale, useTranslations } from "next-intl";
import { type FieldErrors, type FieldValues, type Resolver, set } from "react-hook-form";
import { z } from "zod";

type Translate = ReturnType<typeof useTranslations>;
const catalogues = { en: z.locales.en, vi: z.locales.vi, ru: z.locales.ru };

export function useSchemaResolver<In extends FieldValues>(
  schema: z.ZodType<unknown, In>,
  prepare: ((values: In) => In) | undefined,
): Resolver<In> {
  const t = useTranslations("validation");
  const locale = useLocale() as keyof typeof catalogues;
  const texts = (catalogues[locale] ?? z.locales.en)().localeError;
  return (values) => {
    const tidy = withoutBlanks(values) as In;
    const input = prepare ? prepare(tidy) : tidy;
    const result = schema.safeParse(input, {
      error: (issue) => {
        if (issue.input === undefined || issue.input === null) return t("required");
        return issue.code === "invalid_type" && issue.expected === "bigint" ? t("digits") : texts(issue);
      },
    });
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
