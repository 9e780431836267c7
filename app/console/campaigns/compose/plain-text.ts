/** Writes a text in the letters of the GSM-7 alphabet where that changes no meaning: the offer to save parts. Pure. */
import { septetsOf } from "#server/domain/messages/gsm7.ts";

/** Letters and signs that Unicode does not take apart. */
const replacements = new Map([
  ["đ", "d"],
  ["Đ", "D"],
  ["ł", "l"],
  ["Ł", "L"],
  ["ı", "i"],
  ["œ", "oe"],
  ["Œ", "OE"],
  ["‘", "'"],
  ["’", "'"],
  ["‚", "'"],
  ["“", '"'],
  ["”", '"'],
  ["„", '"'],
  ["«", '"'],
  ["»", '"'],
  ["–", "-"],
  ["—", "-"],
  ["−", "-"],
  ["…", "..."],
  ["•", "-"],
  ["\u00a0", " "],
  ["\u202f", " "],
  ["\u2009", " "],
  ["\u200b", ""],
  ["\ufeff", ""],
  ["\t", " "],
]);

const isGsm7 = (text: string): boolean =>
  Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).every((unit) => septetsOf(unit) > 0);

/** Letters that only Vietnamese has. */
const vietnamese = /[đơưạảẹẻẽọỏụủỉịĩỳỵỷỹấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]/iu;

/** Vietnamese is read with all its marks or with none: then those go too that the alphabet has. */
export const isVietnamese = (text: string): boolean => vietnamese.test(text.normalize("NFC"));

/**
 * The same character, or its nearest form in the alphabet; what has none stays.
 * @param isBare take the marks off letters that the alphabet has with them, as well
 */
export function plainCharacter(character: string, isBare: boolean): string {
  if (isGsm7(character) && !(isBare && /\p{L}/u.test(character))) return character;
  const replaced = replacements.get(character);
  if (replaced !== undefined) return replaced;
  const bare = [...character.normalize("NFKD")]
    .map((part) => replacements.get(part) ?? part)
    .join("")
    .replace(/\p{M}/gu, "");
  return bare !== "" && isGsm7(bare) ? bare : character;
}

/** Names of variables stay as they are, what stands in for an empty one does not. */
export function plainTemplate(template: string): string {
  const isBare = isVietnamese(template);
  return template
    .split(/(\{\{[^{}]*\}\})/)
    .map((piece) => {
      if (!piece.startsWith("{{")) return plain(piece, isBare);
      const bar = piece.indexOf("|");
      return bar < 0 ? piece : piece.slice(0, bar) + plain(piece.slice(bar), isBare);
    })
    .join("");
}

const plain = (text: string, isBare: boolean): string =>
  [...text.normalize("NFC")].map((character) => plainCharacter(character, isBare)).join("");
