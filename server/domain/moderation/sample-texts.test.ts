/** No text that is decided on is left out without a word. */
import { expect, it } from "vitest";
import { sampleOf, textsOf } from "#server/domain/moderation/sample-texts.ts";

it("shows each text once, in order", () => {
  expect(textsOf(sampleOf(["b", "a", "b", "c"]))).toEqual(["b", "a", "c"]);
  expect(sampleOf(["only this"])).toBe("only this");
});

it("says how many more there are, when they are many or long", () => {
  const many = Array.from({ length: 120 }, (_, n) => `text ${n}`);
  expect(textsOf(sampleOf(many))).toEqual([...many.slice(0, 50), "… (+70)"]);
  const long = ["a".repeat(30_000), "b", "c"];
  expect(textsOf(sampleOf(long))).toEqual([long[0], "… (+2)"]);
});
