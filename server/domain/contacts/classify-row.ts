/** Decides about one row of an uploaded file by itself: which number it has, or why it is rejected. Pure. */
import { fileLimits } from "#server/domain/contacts/input.ts";
import type { CsvRow } from "#server/domain/contacts/read-csv.ts";

export type RejectReason = "invalid" | "duplicate" | "opted_out" | "unknown_operator" | "malformed";
export type Rejected = { row: number; value: string; reason: RejectReason; detail: string | null };
export type Candidate = {
  row: number;
  value: string;
  msisdn: string;
  operatorId: string;
  fields: Record<string, string>;
};

/** What the file's columns mean. */
export type Columns = { count: number; phone: number; fields: readonly { name: string; index: number }[] };

/** The country's numbering plan and the prefix table, as the routing room knows them. */
export type NumberRules = {
  parse: (text: string) => string | null;
  operatorOf: (msisdn: string) => string | null;
};

/** The value of a rejected row is kept so far. */
const keptChars = 200;

export function classifyRow({ row, cells }: CsvRow, columns: Columns, rules: NumberRules): Candidate | Rejected {
  const value = (cells[columns.phone] ?? "").slice(0, keptChars).replaceAll("\u0000", "");
  const rejected = (reason: RejectReason, detail: string | null = null): Rejected => ({ row, value, reason, detail });
  if (cells.slice(columns.count).some((cell) => cell.trim() !== "")) return rejected("malformed", "too_many_columns");
  const fields: Record<string, string> = {};
  for (const { name, index } of columns.fields) {
    const text = (cells[index] ?? "").normalize("NFC").replaceAll("\u0000", "").trim();
    if (text.length > fileLimits.fieldChars) return rejected("malformed", "field_too_long");
    if (text.includes("\ufffd")) return rejected("malformed", "bad_encoding");
    fields[name] = text;
  }
  // Spreadsheets, and our own file of rejected rows, mark text with a leading apostrophe.
  const number = value.trim().replace(/^'/, "");
  if (number === "") return rejected("invalid", "empty");
  if (/^\d([.,]\d+)?e\+?\d+$/i.test(number)) return rejected("invalid", "scientific_notation");
  const msisdn = rules.parse(number);
  if (!msisdn) return rejected("invalid");
  const operatorId = rules.operatorOf(msisdn);
  if (!operatorId) return rejected("unknown_operator", msisdn);
  return { row, value, msisdn, operatorId, fields };
}
