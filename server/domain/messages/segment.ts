/** Exact segmentation of a text into SMS parts. Pure: the composer's live counter and the charge share it. */
import { septetsOf } from "#server/domain/messages/gsm7.ts";

/** Longer texts are refused with `text_too_long`. */
export const maxParts = 10;

/**
 * Units (septets of GSM-7, 16-bit units of UCS-2) in a lone part, and in one of several: 140 octets, of which
 * concatenation with an 8-bit reference takes 6 (3GPP TS 23.040, section 9.2.3.24.1).
 */
const room = { gsm7: { alone: 160, several: 153 }, ucs2: { alone: 70, several: 67 } } as const;
/** The same beside a header of 7 octets, with a 16-bit reference. */
const roomBeside16 = { gsm7: 152, ucs2: 66 } as const;

export type Encoding = keyof typeof room;

export type Segments = {
  encoding: Encoding;
  /** How many parts are sent and charged; 0 for an empty text. May exceed maxParts. */
  parts: number;
  /** Units that the text takes, an extension character counting two. */
  units: number;
  /** Units that still fit before one more part is charged. */
  unitsLeft: number;
  /** The text of each part. Neither an escape sequence nor a surrogate pair is ever split. */
  perPart: string[];
  /** The characters that force UCS-2, each once, in order of appearance. */
  ucs2Characters: string[];
};

/** @param referenceBits of the concatenation header: 8 is what is priced; 16 may take a part more */
export function segmentText(text: string, referenceBits: 8 | 16 = 8): Segments {
  let units = 0;
  for (let index = 0; index < text.length; index += 1) {
    const septets = septetsOf(text.charCodeAt(index));
    if (septets === 0) return segmentUcs2(text, referenceBits);
    units += septets;
  }
  const { alone } = room.gsm7;
  const several = referenceBits === 8 ? room.gsm7.several : roomBeside16.gsm7;
  if (units <= alone) return single("gsm7", text, units, alone);
  const { perPart, used } = split(
    text,
    several,
    (index) => septetsOf(text.charCodeAt(index)),
    () => 1,
  );
  return { encoding: "gsm7", parts: perPart.length, units, unitsLeft: several - used, perPart, ucs2Characters: [] };
}

function segmentUcs2(text: string, referenceBits: 8 | 16): Segments {
  const { alone } = room.ucs2;
  const several = referenceBits === 8 ? room.ucs2.several : roomBeside16.ucs2;
  const ucs2Characters = charactersOutsideGsm7(text);
  if (text.length <= alone) return { ...single("ucs2", text, text.length, alone), ucs2Characters };
  const width = (index: number) => (startsPair(text, index) ? 2 : 1);
  const { perPart, used } = split(text, several, width, width);
  return {
    encoding: "ucs2",
    parts: perPart.length,
    units: text.length,
    unitsLeft: several - used,
    perPart,
    ucs2Characters,
  };
}

function single(encoding: Encoding, text: string, units: number, alone: number): Segments {
  const perPart = text === "" ? [] : [text];
  return { encoding, parts: perPart.length, units, unitsLeft: alone - units, perPart, ucs2Characters: [] };
}

/**
 * Cuts greedily.
 * @param unitsAt units that the character starting at an index takes on the wire
 * @param widthAt its width in the string, in UTF-16 units
 */
function split(text: string, limit: number, unitsAt: (index: number) => number, widthAt: (index: number) => number) {
  const perPart: string[] = [];
  let start = 0;
  let used = 0;
  let index = 0;
  while (index < text.length) {
    const units = unitsAt(index);
    if (used + units > limit) {
      perPart.push(text.slice(start, index));
      start = index;
      used = 0;
    }
    used += units;
    index += widthAt(index);
  }
  perPart.push(text.slice(start));
  return { perPart, used };
}

function startsPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  if (high < 0xd800 || high > 0xdbff) return false;
  const low = text.charCodeAt(index + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

function charactersOutsideGsm7(text: string): string[] {
  const found = new Set<string>();
  for (const character of text) {
    if (character.length === 2 || septetsOf(character.charCodeAt(0)) === 0) found.add(character);
  }
  return [...found];
}
