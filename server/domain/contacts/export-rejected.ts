/** The rejected rows of a list as CSV, in pieces: original values, safe to open in a spreadsheet. */
import type { ListId } from "#server/domain/contacts/input.ts";
import { listRejectedRows } from "#server/domain/contacts/list-recipients.ts";
import type { Context } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";

const pageRows = 200;

/** @throws not_found `list_not_found`, with the first piece */
export async function* exportRejectedRows(ctx: Context, input: ListId): AsyncGenerator<string> {
  let after: number | null = 0;
  let isFirst = true;
  while (after !== null) {
    const page: Awaited<ReturnType<typeof listRejectedRows>> = await listRejectedRows(ctx, {
      ...input,
      after,
      limit: pageRows,
    });
    if (isFirst) yield csvByteOrderMark + csvLine(["row", "value", "reason", "detail"]);
    isFirst = false;
    yield page.items.map((r) => csvLine([r.rowNumber, r.value, r.reason, r.detail])).join("");
    after = page.nextAfter;
  }
}
