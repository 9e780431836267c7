/** The one door for input: text that nothing can store is refused everywhere, by the name of its field. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { DomainError, refusedValue } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

const schema = z.object({
  name: z.string().optional(),
  at: z.date().optional(),
  items: z.array(z.object({ text: z.string() })).optional(),
  values: z.record(z.string(), z.string()).optional(),
});

const failureOf = (input: unknown, judged?: string[], by: z.ZodType = schema): DomainError | null => {
  try {
    parse(by, input, judged);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
};

describe("parse", () => {
  it.each([
    ["NUL", { name: "a\0b" }, "name"],
    ["half of a surrogate pair", { name: "a\ud83d" }, "name"],
    ["NUL deep inside", { items: [{ text: "fine" }, { text: "\0" }] }, "items.1.text"],
    ["a broken name", { values: { "a\0": "b" } }, "values"],
  ])("refuses %s by the field's name", (_, input, field) => {
    expect(failureOf(input)).toMatchObject({ kind: "invalid_input", code: "invalid_input", detail: { field } });
  });

  it("takes every other text, dates, and what the verb judges itself", () => {
    expect(failureOf({ name: "Xin chào 😀 \u0001\ufffe", at: new Date(0), values: { a: "b" } })).toBeNull();
    expect(failureOf({ items: [{ text: "\0" }] }, ["items"])).toBeNull();
    expect(failureOf({ items: [{ text: "\0" }], name: "\0" }, ["items"])?.detail).toMatchObject({ field: "name" });
  });
});

describe("a value that the database refuses", () => {
  it.each(["22003", "22007", "22008", "22021", "22P05"])("is an input error: %s", (code) => {
    const error = new Error("Failed query", { cause: Object.assign(new Error("out of range"), { code }) });
    expect(refusedValue(error)).toMatchObject({ kind: "invalid_input", code: "invalid_input" });
  });

  it.each([new Error("x"), Object.assign(new Error("x"), { code: "23505" }), null, "22003"])("is not: %s", (error) => {
    expect(refusedValue(error)).toBeNull();
  });

  it("tells nobody back more of it than helps", () => {
    const nonsense = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${n}${"😀".repeat(1_000)}`, 1]));
    const failure = failureOf(nonsense, [], z.strictObject({}));
    const told = JSON.stringify([failure?.message, failure?.detail]);
    expect(told.length).toBeLessThan(1_000);
    // Half of a pair would be written as an escape.
    expect(told).not.toMatch(/\\ud[89a-f]/);
  });
});
