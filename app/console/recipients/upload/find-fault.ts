/** Which row of a file's beginning is no CSV, and why: said before anything is uploaded. Pure: runs in the browser. */
import { CsvError, parse } from "csv-parse/browser/esm/sync";
import type { FailureKey } from "#app/console/recipients/failure-text.ts";
import { detectDelimiter, detectEncoding, headBytes } from "#server/domain/contacts/csv-format.ts";

export type Fault = { row: number; key: FailureKey };

/** Null when the beginning is CSV, or wrong in a way that only the import can tell. */
export function findFault(bytes: Uint8Array): Fault | null {
  const head = bytes.subarray(0, headBytes);
  const text = new TextDecoder(detectEncoding(head)).decode(head, { stream: true });
  if (text.trim() === "") return { row: 1, key: "emptyFile" };
  try {
    parse(text, {
      delimiter: detectDelimiter(text),
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
    });
    return null;
  } catch (error) {
    if (!(error instanceof CsvError)) return null;
    const row = Number(error.records ?? 0) + 1;
    return { row, key: error.code === "CSV_QUOTE_NOT_CLOSED" ? "quoteNotClosed" : "quoteInside" };
  }
}
