/** Why an import failed, in the reader's language: the reason is kept in English with the row in front. Pure. */

/** The beginning of each kept reason and its key under `contacts.failure`. */
const reasons = [
  ["The file is empty", "emptyFile"],
  ["A quotation mark opens here", "quoteNotClosed"],
  ["A quotation mark stands inside", "quoteInside"],
  ["The row is longer", "rowTooLong"],
  ["Two columns are named", "twoColumns"],
  ["A file has at most", "fileTooLong"],
  ["The file has no column", "noColumn"],
  ["The upload broke off", "brokeOff"],
] as const;

export type FailureKey = (typeof reasons)[number][1];
export type Failure = { row: number | null; key: FailureKey | null; text: string };

export function readFailure(failure: string): Failure {
  const [, row, rest] = /^Row (\d+): ([\s\S]*)$/.exec(failure) ?? [];
  const text = rest ?? failure;
  const known = reasons.find(([start]) => text.startsWith(start));
  return { row: row ? Number(row) : null, key: known?.[1] ?? null, text };
}
