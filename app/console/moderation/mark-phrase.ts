/** Finds where a filtered phrase stands in a text, by the same matcher that found it. Pure. */
import { fold } from "#server/domain/moderation/fold.ts";
import { compileMatcher } from "#server/domain/moderation/matcher.ts";

export type MarkedPiece = { text: string; isMarked: boolean };

/** Pieces of a spaced-out phrase ("c a s i n o") that are tried together. */
const maxWords = 24;

/** @returns the text in order; nothing is marked when the phrase stands only across what a reader sees as one word */
export function markPhrase(text: string, phrase: string): MarkedPiece[] {
  const matcher = compileMatcher([{ phrase, value: phrase }]);
  const has = (part: string) => matcher.find(fold(part)).length > 0;
  if (!has(text)) return [{ text, isMarked: false }];
  const words = [...text.matchAll(/\S+/g)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
  const pieces: MarkedPiece[] = [];
  let written = 0;
  for (let first = 0; first < words.length; first += 1) {
    const last = lastWordOf(words, first, (start, end) => has(text.slice(start, end)));
    const from = words[first]?.start ?? 0;
    const to = last === null ? null : (words[last]?.end ?? null);
    if (last === null || to === null) continue;
    if (from > written) pieces.push({ text: text.slice(written, from), isMarked: false });
    pieces.push({ text: text.slice(from, to), isMarked: true });
    written = to;
    first = last;
  }
  if (written < text.length) pieces.push({ text: text.slice(written), isMarked: false });
  return pieces;
}

type Word = { start: number; end: number };

/** The shortest run of words from `first` on with the phrase, unless a later word begins a shorter one. */
function lastWordOf(words: Word[], first: number, has: (start: number, end: number) => boolean): number | null {
  const start = words[first]?.start ?? 0;
  for (let last = first; last < Math.min(words.length, first + maxWords); last += 1) {
    const end = words[last]?.end ?? start;
    if (!has(start, end)) continue;
    const next = words[first + 1];
    return next && last > first && has(next.start, end) ? null : last;
  }
  return null;
}
