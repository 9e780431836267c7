/** Turns a zod failure into the one invalid_input answer: which field, what is wrong with it. */
import type { z } from "zod";
import { invalidInput } from "#server/kernel/errors.ts";

/**
 * Refuses text that the database or JSON cannot hold (NUL, half of a surrogate pair), wherever it is in the input.
 * @param judged top-level fields whose texts the verb judges itself, for example message by message
 * @throws invalid_input `invalid_input` naming the first field, with all issues in detail
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown, judged: readonly string[] = []): z.output<S> {
  const result = schema.safeParse(input);
  if (!result.success) {
    throw wrongFields(result.error.issues.map((i) => ({ field: i.path.join("."), message: i.message })));
  }
  const broken = findBrokenText(result.data, "", judged);
  if (broken !== null) throw wrongFields([{ field: broken, message: "Leave out characters that are no text." }]);
  return result.data;
}

/** NUL, which Postgres refuses, and what is no Unicode text. Most texts have neither, nor halves of pairs at all. */
const isBroken = (text: string): boolean => /[\0\ud800-\udfff]/.test(text) && /\0|\p{Surrogate}/u.test(text);

/** Looks at what the schema let through, so its bounds bound this. @returns the path of the field; null when there is none */
function findBrokenText(value: unknown, path: string, skipped: readonly string[] = []): string | null {
  if (typeof value === "string") return isBroken(value) ? path : null;
  if (typeof value !== "object" || value === null) return null;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return null;
  for (const [name, part] of Object.entries(value)) {
    if (skipped.includes(name)) continue;
    const found = isBroken(name) ? path : findBrokenText(part, path ? `${path}.${name}` : name);
    if (found !== null) return found;
  }
  return null;
}

function wrongFields(all: { field: string; message: string }[]) {
  const issues = all.slice(0, 20).map(({ field, message }) => ({ field: clipped(field), message: clipped(message) }));
  const first = issues[0];
  const text = first?.field ? `${first.field}: ${first.message}` : (first?.message ?? "The input is not valid.");
  return invalidInput("invalid_input", text, { field: first?.field, issues });
}

/** Names of fields are the caller's: an answer is not as long as somebody's nonsense. */
const mostUnits = 200;
const clipped = (text: string): string =>
  text.length > mostUnits ? `${text.slice(0, mostUnits).replace(/[\ud800-\udbff]$/, "")}…` : text;
