/** Imports a CSV file of recipients: streamed, in batches, with every rejected row and its reason. */
import { type Candidate, type Columns, classifyRow, type Rejected } from "#server/domain/contacts/classify-row.ts";
import { headerNames } from "#server/domain/contacts/csv-format.ts";
import {
  type Attempt,
  failAttempt,
  finishAttempt,
  noRows,
  startAttempt,
  storeBatch,
} from "#server/domain/contacts/import-attempt.ts";
import { type ImportList, importList as schema } from "#server/domain/contacts/input.ts";
import { loadNumberRules } from "#server/domain/contacts/number-rules.ts";
import { NumberSet } from "#server/domain/contacts/number-set.ts";
import { type CsvFile, readCsv } from "#server/domain/contacts/read-csv.ts";
import type { RecipientList } from "#server/domain/contacts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError, invalidInput } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";
import { parse } from "#server/kernel/parse.ts";

/** Rows stored by one transaction: progress becomes readable with each. */
const batchRows = 5_000;

/**
 * Runs its own short transactions, so that progress can be read while it imports and memory stays bounded. An upload
 * that broke is started again with the same id: what it left is replaced. A finished list is returned as it is.
 * @throws invalid_input `malformed_csv` (row in the detail) · `column_not_found` · conflict `list_id_taken` ·
 *   `upload_superseded`; the list is kept as failed with the reason
 */
export async function importList(
  ctx: Context,
  input: ImportList & { stream: AsyncIterable<Uint8Array> },
): Promise<RecipientList> {
  allow(ctx, "contacts.write");
  const { stream, ...rest } = input;
  const wanted = parse(schema, rest);
  const fields = headerNames(wanted.mapping.fields);
  const started = await startAttempt(ctx, { id: wanted.id, name: wanted.name, fileName: wanted.fileName, fields });
  if ("status" in started) return started;
  try {
    const file = await readCsv(stream);
    const columns = columnsOf(file.headers, wanted.mapping.phone, fields);
    await importRows(ctx, started, file, columns, wanted.defaultCountry);
    return await finishAttempt(ctx, started);
  } catch (error) {
    const failure = error instanceof DomainError ? error.message : "The upload broke off. Start it again.";
    await failAttempt(ctx, started, failure).catch((second) =>
      log.error({ err: second }, "a failed import stays open"),
    );
    throw error;
  }
}

/** @throws invalid_input `column_not_found` */
export function columnsOf(headers: string[], phone: string, fields: string[]): Columns {
  const indexOf = (name: string) => {
    const index = headers.indexOf(headerNames([name])[0] ?? name);
    if (index >= 0) return index;
    throw invalidInput("column_not_found", `The file has no column named "${name}".`, { field: "mapping", headers });
  };
  return {
    count: headers.length,
    phone: indexOf(phone),
    fields: fields.map((name) => ({ name, index: indexOf(name) })),
  };
}

async function importRows(
  ctx: Context,
  attempt: Attempt,
  file: CsvFile,
  columns: Columns,
  country: string | undefined,
): Promise<void> {
  const rules = await loadNumberRules(ctx, country);
  const seen = new NumberSet();
  const read = { rowCount: 0, invalidCount: 0, duplicateCount: 0 };
  let candidates: Candidate[] = [];
  let rejected: Rejected[] = [];
  /** One batch is stored while the next one is read. */
  let storing = Promise.resolve(noRows);
  const store = async () => {
    const batch = { candidates, rejected };
    const counted = { ...read };
    candidates = [];
    rejected = [];
    const stored = await storing;
    storing = storeBatch(ctx, attempt, batch, { ...stored, ...counted });
    storing.catch(() => {});
  };
  try {
    for await (const row of file.rows) {
      read.rowCount += 1;
      const verdict = classifyRow(row, columns, rules);
      const firstRow = "msisdn" in verdict ? seen.add(verdict.msisdn, verdict.row) : null;
      if (!("msisdn" in verdict)) {
        read.invalidCount += 1;
        rejected.push(verdict);
      } else if (firstRow !== null) {
        read.duplicateCount += 1;
        rejected.push({ row: verdict.row, value: verdict.value, reason: "duplicate", detail: `row ${firstRow}` });
      } else candidates.push(verdict);
      if (candidates.length + rejected.length >= batchRows) await store();
    }
    await store();
  } finally {
    await storing;
  }
}
