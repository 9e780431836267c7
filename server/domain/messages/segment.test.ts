/** Segmentation: golden vectors at every boundary, and agreement with an independent calculator on random texts. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { gsm7Basic, gsm7Extension } from "#server/domain/messages/gsm7.ts";
import { segmentText } from "#server/domain/messages/segment.ts";

type Vector = {
  name: string;
  pieces: [string, number][];
  encoding: string;
  parts: number;
  units: number;
  unitsLeft: number;
};
const vectors = JSON.parse(readFileSync("tests/fixtures/segmentation.json", "utf8")) as Vector[];

const basic = [...gsm7Basic].filter((character) => character !== "\u001b");
const extended = [...gsm7Extension.keys()];
const vietnamese = [..."ăâđêôơưấềộợữÁỆỔẢạ"];
const astral = ["😀", "🇻", "𝒳", "🚚"];
const anyText = (alphabet: string[]) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength: 500 }).map((characters) => characters.join(""));

const hasLoneSurrogate = (text: string) => /\p{Surrogate}/u.test(text);

describe("segmentText", () => {
  it.each(vectors)("$name", (vector) => {
    const text = vector.pieces.map(([piece, times]) => piece.repeat(times)).join("");
    const { encoding, parts, units, unitsLeft, perPart } = segmentText(text);
    expect({ encoding, parts, units, unitsLeft }).toEqual({
      encoding: vector.encoding,
      parts: vector.parts,
      units: vector.units,
      unitsLeft: vector.unitsLeft,
    });
    expect(perPart.join("")).toBe(text);
  });

  it.each([
    ["GSM-7 with extension", [...basic, ...extended, ...extended]],
    ["Vietnamese", [...basic, ...vietnamese]],
    ["emoji among letters", [...basic, ...extended, ...vietnamese, ...astral]],
  ])("agrees with sms-segments-calculator: %s", (_, alphabet) => {
    fc.assert(
      fc.property(anyText(alphabet.filter((c) => c !== "\r")), (text) => {
        const ours = segmentText(text);
        const theirs = new SegmentedMessage(text, "auto");
        expect(ours.encoding).toBe(theirs.encodingName === "GSM-7" ? "gsm7" : "ucs2");
        expect(ours.parts).toBe(text === "" ? 0 : theirs.segmentsCount);
      }),
      { numRuns: 300 },
    );
  });

  it("loses nothing and splits no pair, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 900 }), (text) => {
        const { perPart, encoding, unitsLeft } = segmentText(text);
        expect(perPart.join("")).toBe(text);
        expect(unitsLeft).toBeGreaterThanOrEqual(0);
        for (const part of perPart) {
          if (encoding === "ucs2") expect(part.length).toBeLessThanOrEqual(perPart.length === 1 ? 70 : 67);
          if (!hasLoneSurrogate(text)) expect(hasLoneSurrogate(part)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("names the characters that force UCS-2, each once", () => {
    expect(segmentText("Phở 24 – đặt bàn, phở 😀").ucs2Characters).toEqual(["ở", "–", "đ", "ặ", "😀"]);
    expect(segmentText("{plain} [€]").ucs2Characters).toEqual([]);
  });
});
