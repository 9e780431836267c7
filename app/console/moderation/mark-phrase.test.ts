/** Where a filtered phrase is shown to stand. */
import { expect, it } from "vitest";
import { markPhrase } from "#app/console/moderation/mark-phrase.ts";

const marked = (text: string, phrase: string) =>
  markPhrase(text, phrase)
    .map((piece) => (piece.isMarked ? `[${piece.text}]` : piece.text))
    .join("");

it.each([
  ["Vui chơi CASINO online", "casino", "Vui chơi [CASINO] online"],
  ["Chơi c a s i n o ngay, casino!", "casino", "Chơi [c a s i n o] ngay, [casino!]"],
  ["Tín dụng đen lãi 0%", "tin dung den", "[Tín dụng đen] lãi 0%"],
  ["Nothing here", "casino", "Nothing here"],
  ["", "casino", ""],
])("marks in %s the phrase %s", (text, phrase, expected) => {
  expect(marked(text, phrase)).toBe(expected);
});

it("gives back the whole text whatever is marked", () => {
  const text = "  a b casino\n\ncasinos c a  s i n o end ";
  expect(
    markPhrase(text, "casino")
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});
