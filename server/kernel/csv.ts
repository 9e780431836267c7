/** Writing CSV (RFC 4180) that a spreadsheet opens as text: no cell can become a formula. */

/** Cells that a spreadsheet would run (OWASP "CSV Injection"), also behind leading blanks or as full-width signs. */
const startsFormula = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;
/** "+84 90 123" is a phone number and "-1.5" an amount: signs before digits only calculate nothing. */
const isNumeric = /^[+-]?[\d][\d .()-]*$/;

/** The first bytes of a file for spreadsheets, which else read UTF-8 as a local code page. */
export const csvByteOrderMark = "\ufeff";

/** One line with its line end. `null` is an empty cell; a cell that looks like a formula gets a leading apostrophe. */
export function csvLine(cells: readonly (string | number | bigint | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | bigint | null): string {
  if (value === null) return "";
  const text = String(value);
  const safe = startsFormula.test(text) && !isNumeric.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
