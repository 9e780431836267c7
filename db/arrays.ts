/**
 * Arrays for set-based SQL, written as Postgres array literals in one pass. The driver's own arrays go through a
 * serializer for each element, and take an array of Dates or booleans for a single one. Use with a cast: `${plainArray(ids)}::uuid[]`.
 */

/** For values without quotes, commas or braces: ids, numbers, booleans, ISO moments. Null stands for NULL. */
export function plainArray(values: readonly (string | number | bigint | boolean | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

const special = /["\\]/;

/** For any text. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? "NULL" : `"${special.test(value) ? escaped(value) : value}"`)).join(",")}}`;
}

/** Not by one expression for both: that took longer than all else that is done with an event. */
function escaped(value: string): string {
  const slashed = value.includes("\\") ? value.replaceAll("\\", "\\\\") : value;
  return slashed.replaceAll('"', '\\"');
}
