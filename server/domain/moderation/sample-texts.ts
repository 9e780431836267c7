/** What a moderator reads of a batch: every text that one decision is about, each once. Pure. */

const between = "\n\n———\n\n";
const mostTexts = 50;
const mostUnits = 20_000;

/** In the order given. Where they are too many to be read, the last piece says how many more there are. */
export function sampleOf(texts: Iterable<string>): string {
  const distinct = [...new Set(texts)];
  const shown: string[] = [];
  let units = 0;
  for (const text of distinct) {
    if (shown.length > 0 && (shown.length === mostTexts || units + text.length > mostUnits)) break;
    shown.push(text);
    units += text.length;
  }
  const more = distinct.length - shown.length;
  return [...shown, ...(more > 0 ? [`… (+${more})`] : [])].join(between);
}

/** The texts of sampleOf again. */
export const textsOf = (sample: string): string[] => sample.split(between);
