/** Reads a CSV file row by row, in bounded memory: any of the usual encodings and delimiters, with the row of every fault. */
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { detectDelimiter, detectEncoding, headBytes, headerNames } from "#server/domain/contacts/csv-format.ts";
import { fileLimits } from "#server/domain/contacts/input.ts";
import { type DomainError, invalidInput } from "#server/kernel/errors.ts";

/** @property row its number in a spreadsheet: the headers are row 1, and empty rows count */
export type CsvRow = { row: number; cells: string[] };
export type CsvFile = { headers: string[]; rows: AsyncGenerator<CsvRow> };

/**
 * Reads up to the headers; the rows follow as they are asked for. Empty rows are left out.
 * @throws invalid_input `malformed_csv` with `row` in its detail, here or while the rows are read
 */
export async function readCsv(source: AsyncIterable<Uint8Array>): Promise<CsvFile> {
  const chunks = decode(source);
  const first = await firstText(chunks);
  const parser = parse({
    delimiter: detectDelimiter(first),
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    max_record_size: fileLimits.recordChars,
  });
  const text = Readable.from(joined(first, chunks));
  text.on("error", (error) => parser.destroy(error));
  text.pipe(parser);
  const rows = readRows(parser);
  const head = await rows.next();
  if (head.done) throw malformed(1, "The file is empty. Its first row must name the columns.");
  const headers = headerNames(head.value.cells);
  checkHeaders(headers, head.value.row);
  return { headers, rows };
}

export function malformed(row: number, message: string): DomainError {
  return invalidInput("malformed_csv", `Row ${row}: ${message}`, { row });
}

function checkHeaders(headers: string[], row: number): void {
  if (headers.length > fileLimits.columns) {
    throw malformed(row, `A file has at most ${fileLimits.columns} columns; this one has ${headers.length}.`);
  }
  const twice = headers.find((name, i) => headers.indexOf(name) !== i);
  if (twice) throw malformed(row, `Two columns are named "${twice.slice(0, 60)}". Rename one of them.`);
}

async function* readRows(parser: ReturnType<typeof parse>): AsyncGenerator<CsvRow> {
  let row = 0;
  let filled = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (cells.length === 1 && cells[0] === "") continue;
      if (filled > fileLimits.rows) {
        throw malformed(row, `A file has at most ${fileLimits.rows} rows. Split it into several lists.`);
      }
      filled += 1;
      yield { row, cells };
    }
  } catch (error) {
    throw error instanceof CsvError ? explain(error) : error;
  } finally {
    parser.destroy();
  }
}

function explain(error: CsvError): DomainError {
  const row = Number(error.records ?? 0) + 1;
  switch (error.code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return malformed(row, "A quotation mark opens here and is never closed.");
    case "CSV_MAX_RECORD_SIZE":
      return malformed(row, "The row is longer than 64 KB. A closing quotation mark may be missing.");
    default:
      return malformed(row, 'A quotation mark stands inside a field. Write it twice ("") and quote the whole field.');
  }
}

async function firstText(chunks: AsyncGenerator<string>): Promise<string> {
  const next = await chunks.next();
  return next.done ? "" : next.value;
}

async function* joined(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first) yield first;
  yield* rest;
}

/** The first piece of text is of the whole head, so that encoding and delimiter are told from enough of the file. */
async function* decode(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const pending: Uint8Array[] = [];
  let size = 0;
  let decoder: TextDecoder | undefined;
  for await (const chunk of source) {
    if (decoder) {
      const text = decoder.decode(chunk, { stream: true });
      if (text) yield text;
      continue;
    }
    pending.push(chunk);
    size += chunk.length;
    if (size < headBytes) continue;
    const head = Buffer.concat(pending);
    decoder = new TextDecoder(detectEncoding(head.subarray(0, headBytes)));
    yield decoder.decode(head, { stream: true });
  }
  if (decoder) {
    yield decoder.decode();
    return;
  }
  const all = Buffer.concat(pending);
  yield new TextDecoder(detectEncoding(all)).decode(all);
}
