/** Whether two sender names could be taken for each other on a handset. */

/** Shapes that look the same in common fonts, and what people do not see: case, spaces and signs. */
export function skeleton(name: string): string {
  return name
    .replaceAll("I", "l")
    .toLowerCase()
    .replace(/[ .\-_&]/g, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replace(/[01i358]/g, (sign) => ({ "0": "o", "1": "l", i: "l", "3": "e", "5": "s", "8": "b" })[sign] ?? sign);
}

export type Likeness = "same" | "similar";

/** Same skeleton, or one edit apart (two from eight letters on); null when a reader can tell them apart. */
export function likeness(a: string, b: string): Likeness | null {
  const [left, right] = [skeleton(a), skeleton(b)];
  if (left === right) return "same";
  const shorter = Math.min(left.length, right.length);
  const allowed = shorter >= 8 ? 2 : shorter >= 4 ? 1 : 0;
  return distance(left, right) <= allowed ? "similar" : null;
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
