/** Folds text so that tricks of writing fall away: case, accents, invisible characters, look-alikes of other scripts, digits for letters. */

/** Letters that NFKD leaves alone although people read them as Latin ones. */
const plainLetters = pairs(
  "đd ðd łl øo ħh ŧt ıi ɪi ƒf ßs æa œo ʙb ᴀa ᴄc ᴅd ᴇe ꜰf ɢg ʜh ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ɑa ɡg ʋv",
);

/**
 * Cyrillic and Greek letters with the shape of a Latin one. Capitals are listed apart where their shape differs
 * (Greek Η is an h, η is an n).
 */
const lookAlikes = pairs(
  "аa еe оo рp сc уy хx кk мm тt вb нh іi јj ѕs ԁd ԛq ԝw һh ӏl " +
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ωw σo",
);

/** Only for the bold reading: digits, signs and half look-alikes that stand for letters. l, i, 1, | and ! are one letter there. */
const boldLetters = pairs("0o 1i 3e 4a 5s 7t 8b 9g @a $s €e £i |i !i li пn иn зe чa яr гr бb ьb");

export type Folded = {
  /** What a plain reader reads. Letters and digits; space between words; "." for everything else. */
  plain: string;
  /** What an eye that wants to be deceived reads: also digits and signs as letters. */
  bold: string;
};

export function fold(text: string): Folded {
  const letters = [
    ...dressed(text)
      .normalize("NFKD")
      .replace(/[\p{M}\p{Cf}]/gu, ""),
  ]
    .map((letter) => lookAlikes.get(letter) ?? letter)
    .join("")
    .toLowerCase();
  const latin = [...letters].map((letter) => plainLetters.get(letter) ?? lookAlikes.get(letter) ?? letter).join("");
  return { plain: reduced(latin), bold: reduced(asBold(latin)) };
}

/** Signs at the end of a word are punctuation, not letters: "casino!" is no "casinoi". */
function asBold(text: string): string {
  return text.replace(/[!|](?![\p{L}\p{N}])/gu, ".").replace(/[^\s]/gu, (letter) => boldLetters.get(letter) ?? letter);
}

function reduced(text: string): string {
  return text.replace(/\s+/gu, " ").replace(/[^\p{L}\p{N} ]/gu, ".");
}

/** Letters in boxes and circles, and flags' letters, which Unicode does not take apart. */
function dressed(text: string): string {
  return text.replace(/[\u{1F150}-\u{1F169}\u{1F170}-\u{1F189}\u{1F1E6}-\u{1F1FF}]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    const first = code >= 0x1f1e6 ? 0x1f1e6 : code >= 0x1f170 ? 0x1f170 : 0x1f150;
    return String.fromCharCode(97 + code - first);
  });
}

function pairs(list: string): Map<string, string> {
  return new Map(
    list.split(" ").map((pair) => {
      const [from = "", to = ""] = [...pair];
      return [from, to];
    }),
  );
}
