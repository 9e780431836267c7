/** Finds filtered phrases in folded text, on word boundaries, whatever was put between the letters. */
import { type Folded, fold } from "#server/domain/moderation/fold.ts";

export type Matcher<T> = {
  /** Everything whose phrase is in the text. */
  find(text: Folded): T[];
};

type Compiled<T> = { value: T; words: string[]; pattern: RegExp };

/** A phrase must keep this many letters or digits after folding: shorter ones would match everywhere. */
export const minPhraseLetters = 2;

export const phraseLetters = (phrase: string): number => fold(phrase).plain.replace(/[ .]/g, "").length;

export function compileMatcher<T>(entries: readonly { phrase: string; value: T }[]): Matcher<T> {
  const folded = entries.map(({ phrase, value }) => ({ value, ...fold(phrase) }));
  const plain = compileAll(folded.map(({ value, plain }) => ({ value, text: plain })));
  const bold = compileAll(folded.map(({ value, bold }) => ({ value, text: bold })));
  return { find: (text) => [...new Set([...plain(text.plain), ...bold(text.bold)])] };
}

/** One big alternative answers "none of them" in one pass, which is what nearly every text gets. */
function compileAll<T>(entries: readonly { value: T; text: string }[]): (text: string) => T[] {
  const compiled = entries.flatMap(({ value, text }): Compiled<T>[] => {
    const words = text.split(/[ .]+/).filter(Boolean);
    return words.length ? [{ value, words, pattern: new RegExp(patternOf(words), "gu") }] : [];
  });
  if (!compiled.length) return () => [];
  const any = new RegExp(compiled.map(({ words }) => patternOf(words)).join("|"), "u");
  return (text) => (any.test(text) ? compiled.filter((one) => matches(one, text)).map(({ value }) => value) : []);
}

/**
 * The letters in order, each perhaps followed by spaces and signs. A letter stands for itself or for three and more
 * ("caaasino"), so that "good" is not "god". The first and last letter must not touch a character of their own kind:
 * "casino88" is a casino, "casinos" is not.
 */
function patternOf(words: readonly string[]): string {
  const letters = words.join("");
  const runs = letters.match(/(.)\1*/gu) ?? [];
  const body = runs.map((run) => {
    const [letter = "", ...more] = [...run];
    if (more.length) return `${`${letter}[ .]*`.repeat(more.length)}${letter}+`;
    return `${letter}(?:${letter}${letter}+)?`;
  });
  const kind = (letter: string | undefined) => (letter && /\p{N}/u.test(letter) ? "\\p{N}" : "\\p{L}");
  return `(?<!${kind([...letters][0])})${body.join("[ .]*")}(?!${kind([...letters].at(-1))})`;
}

function matches<T>({ words, pattern }: Compiled<T>, text: string): boolean {
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    if (isHonest(words, found[0]) || isSpacedOut(found[0])) return true;
    pattern.lastIndex = found.index + 1;
  }
  return false;
}

/** Spaces stand only where the phrase has them (or nowhere); signs may stand anywhere. */
function isHonest(words: readonly string[], found: string): boolean {
  const wanted = words.map((word) => squeezed(word));
  const pieces = found.split(" ").map(squeezed).filter(Boolean);
  let at = 0;
  return pieces.every((piece) => {
    let whole = "";
    while (whole.length < piece.length && at < wanted.length) whole += wanted[at++];
    return squeezed(whole) === piece;
  });
}

/** "c a s i n o": three pieces or more, all but one of them single letters. */
function isSpacedOut(found: string): boolean {
  const pieces = found.split(" ").map(squeezed).filter(Boolean);
  return pieces.length >= 3 && pieces.filter((piece) => piece.length > 1).length <= 1;
}

/** Without signs, and every run of a letter as one. */
const squeezed = (text: string): string => text.replaceAll(".", "").replace(/(.)\1+/gu, "$1");
