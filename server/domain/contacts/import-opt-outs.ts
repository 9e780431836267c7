/** Imports opt-outs from a CSV file. */
import { classifyRow } from "#server/domain/contacts/classify-row.ts";
import { columnsOf } from "#server/domain/contacts/import-list.ts";
import { type ImportOptOuts, importOptOuts as schema } from "#server/domain/contacts/input.ts";
import { loadNumberRules } from "#server/domain/contacts/number-rules.ts";
import { insertOptOuts } from "#server/domain/contacts/opt-out-rows.ts";
import { readCsv } from "#server/domain/contacts/read-csv.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

const batchRows = 5_000;
/** So many rows that are no numbers are named in the answer. */
const namedRows = 100;

export type OptOutImport = {
  rows: number;
  added: number;
  known: number;
  invalid: number;
  /** The first invalid ones. */
  invalidRows: { row: number; value: string }[];
};

/**
 * Each batch is kept as it is read: a file that breaks off is uploaded again, and what is known already stays.
 * @throws invalid_input `malformed_csv` · `column_not_found`
 */
export async function importOptOuts(
  ctx: Context,
  input: ImportOptOuts & { stream: AsyncIterable<Uint8Array> },
): Promise<OptOutImport> {
  allow(ctx, "contacts.write");
  const { stream, ...rest } = input;
  const wanted = parse(schema, rest);
  // A number of no known operator may opt out as well.
  const rules = { ...(await loadNumberRules(ctx, wanted.defaultCountry)), operatorOf: () => "any" };
  const file = await readCsv(stream);
  const columns = columnsOf(file.headers, wanted.phone, []);
  const result: OptOutImport = { rows: 0, added: 0, known: 0, invalid: 0, invalidRows: [] };
  let batch: string[] = [];
  const store = async () => {
    const added = await inTransaction(ctx, (ctx) =>
      insertOptOuts(ctx, batch, { source: "file", note: wanted.fileName }),
    );
    result.added += added;
    result.known += batch.length - added;
    batch = [];
  };
  for await (const row of file.rows) {
    result.rows += 1;
    const verdict = classifyRow(row, columns, rules);
    if ("msisdn" in verdict) batch.push(verdict.msisdn);
    else {
      result.invalid += 1;
      if (result.invalidRows.length < namedRows) result.invalidRows.push({ row: verdict.row, value: verdict.value });
    }
    if (batch.length >= batchRows) await store();
  }
  await store();
  await noteImport(ctx, wanted.fileName, result);
  return result;
}

function noteImport(ctx: Context, fileName: string, { rows, added, invalid }: OptOutImport): Promise<void> {
  return inTransaction(ctx, (ctx) =>
    audit(ctx, {
      action: "contacts.import_opt_outs",
      subjectType: "tenant",
      subjectId: ctx.tenantId,
      detail: { fileName, rows, added, invalid },
    }),
  );
}
