/** Turns a zod failure into the one invalid_input answer: which field, what is wrong with it. */
import type { z } from "zod";
import { invalidInput } from "#server/kernel/errors.ts";

/** @throws invalid_input `invalid_input` naming the first field, with all issues in detail */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 20).map((i) => ({ field: i.path.join("."), message: i.message }));
  const first = issues[0];
  const text = first?.field ? `${first.field}: ${first.message}` : (first?.message ?? "The input is not valid.");
  throw invalidInput("invalid_input", text, { field: first?.field, issues });
}
