/** The first rows of a file and a guess of its columns, from its first bytes. Pure: runs in the browser before the upload. */
import { parse } from "csv-parse/browser/esm/sync";
import {
  type CsvEncoding,
  type Delimiter,
  detectDelimiter,
  detectEncoding,
  guessPhoneColumn,
  headBytes,
  headerNames,
} from "#server/domain/contacts/csv-format.ts";

export type CsvPreview = {
  encoding: CsvEncoding;
  delimiter: Delimiter;
  headers: string[];
  /** Up to 20 rows, as they stand in the file. */
  rows: string[][];
  phoneColumn: string | null;
};

const previewRows = 20;

/**
 * @param bytes the beginning of the file; what lies beyond 64 KB is not read
 * @returns null when there is no row of headers, or the beginning is not CSV: the import says what is wrong and where
 */
export function previewCsv(bytes: Uint8Array): CsvPreview | null {
  const head = bytes.subarray(0, headBytes);
  const encoding = detectEncoding(head);
  const text = new TextDecoder(encoding).decode(head, { stream: true });
  const delimiter = detectDelimiter(text);
  const records = firstRecords(text, delimiter);
  const [first, ...rows] = records;
  if (!first) return null;
  const headers = headerNames(first);
  return { encoding, delimiter, headers, rows, phoneColumn: guessPhoneColumn(headers, rows) };
}

function firstRecords(text: string, delimiter: Delimiter): string[][] {
  try {
    return parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_column_count: true,
      skip_empty_lines: true,
      to: previewRows + 1,
    });
  } catch {
    return [];
  }
}
