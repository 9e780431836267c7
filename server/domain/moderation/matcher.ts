/** Finds filtered phrases in folded text, on word boundaries, whatever was put between the letters. */
import { type Folded, fold } from "#server/domain/moderation/fold.ts";

export type Matcher<T> = {
  /** Everything whose phrase is in the text. */
  find(text: Folded): T[];
};

/** A phrase must keep this many letters or digits after folding: shorter ones would match everywhere. */
export const minPhraseLetters = 2;

export const phraseLetters = (phrase: string): number => fold(phrase).plain.replace(/[ .]/g, "").length;

/** The work grows with the text, hardly with the number of phrases: they share one tree of letters. */
export function compileMatcher<T>(entries: readonly { phrase: string; value: T }[]): Matcher<T> {
  const plain: Node<T> = { next: new Map(), ends: [] };
  const bold: Node<T> = { next: new Map(), ends: [] };
  for (const { phrase, value } of entries) {
    const folded = fold(phrase);
    plant(plain, folded.plain, value);
    plant(bold, folded.bold, value);
  }
  return {
    find(text) {
      const found = new Set<T>();
      if (plain.next.size) search(plain, text.plain, found);
      if (bold.next.size) search(bold, text.bold, found);
      return [...found];
    },
  };
}

type Node<T> = { next: Map<string, Node<T>>; ends: { value: T; wordEnds: Set<number> }[] };

/** No letter counts more than twice in a row: "casinooo" is written in many lengths. */
function plant<T>(root: Node<T>, phrase: string, value: T): void {
  const wordEnds = new Set<number>();
  let node = root;
  let depth = 0;
  for (const word of phrase.split(/[ .]+/).filter(Boolean)) {
    for (const letter of word.replace(/(.)\1{2,}/gu, "$1$1")) {
      const next: Node<T> = node.next.get(letter) ?? { next: new Map(), ends: [] };
      node.next.set(letter, next);
      node = next;
      depth += 1;
    }
    wordEnds.add(depth);
  }
  if (depth > 0) node.ends.push({ value, wordEnds });
}

/** A letter with its immediate repetitions. */
type Run = { letter: string; count: number; isDigit: boolean; before: "nothing" | "sign" | "space" };

function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let before: Run["before"] = "space";
  for (const letter of text) {
    if (letter === " ") before = "space";
    else if (letter === ".") before = before === "space" ? "space" : "sign";
    else {
      const last = runs.at(-1);
      if (last && last.letter === letter && before === "nothing") last.count += 1;
      else runs.push({ letter, count: 1, isDigit: /\p{N}/u.test(letter), before });
      before = "nothing";
    }
  }
  return runs;
}

function search<T>(root: Node<T>, text: string, found: Set<T>): void {
  const runs = runsOf(text);
  for (let start = 0; start < runs.length; start++) {
    if (touches(runs[start - 1], runs[start])) continue;
    walk(root, runs, start, 0, [], found);
  }
}

/** Two runs that a reader takes for one word: "casino88" is a casino, "casinos" is not. */
function touches(left: Run | undefined, right: Run | undefined): boolean {
  return left !== undefined && right?.before === "nothing" && left.isDigit === right.isDigit;
}

/** @param spaces after how many letters of the phrase the text has a space */
function walk<T>(node: Node<T>, runs: Run[], at: number, depth: number, spaces: number[], found: Set<T>): void {
  const run = runs[at];
  if (depth > 0 && node.ends.length && !touches(runs[at - 1], run)) {
    for (const { value, wordEnds } of node.ends) {
      if (spaces.every((place) => wordEnds.has(place)) || isSpacedOut(spaces, depth)) found.add(value);
    }
  }
  const once = run && node.next.get(run.letter);
  if (!run || !once) return;
  const passed = depth > 0 && run.before === "space" ? [...spaces, depth] : spaces;
  // A letter stands for itself or for three and more, so that "good" is not "god".
  if (run.count !== 2) walk(once, runs, at + 1, depth + 1, passed, found);
  const twice = run.count >= 2 ? once.next.get(run.letter) : undefined;
  if (twice) walk(twice, runs, at + 1, depth + 2, passed, found);
}

/** "c a s i n o": three pieces or more, all but one of them single letters. */
function isSpacedOut(spaces: readonly number[], length: number): boolean {
  const pieces = [...spaces, length].map((end, i) => end - (spaces[i - 1] ?? 0));
  return pieces.length >= 3 && pieces.filter((piece) => piece > 1).length <= 1;
}
