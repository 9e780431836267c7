/** Messages as CSV, page by page: an edge streams it, memory stays bounded. */
import { type Filters, findMessages, type MessageRow } from "#server/domain/messages/find.ts";
import { type ExportMessages, exportMessages as schema } from "#server/domain/messages/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";
import { parse } from "#server/kernel/parse.ts";

const pageSize = 1_000;
/** What a spreadsheet can open (1,048,576 rows with the header). */
const maxRows = 1_048_575;

const columns = {
  id: (m) => m.id,
  accepted_at: (m) => m.createdAt.toISOString(),
  tenant: (m) => m.tenantName,
  sender: (m) => m.sender,
  to: (m) => m.msisdn,
  operator: (m) => m.operatorName ?? m.operatorId,
  class: (m) => m.trafficClass,
  encoding: (m) => m.encoding,
  parts: (m) => m.parts,
  status: (m) => m.status,
  error: (m) => m.errorCode,
  sent_at: (m) => m.sentAt?.toISOString() ?? null,
  done_at: (m) => m.doneAt?.toISOString() ?? null,
  reference: (m) => m.reference,
  campaign_id: (m) => m.campaignId,
  source: (m) => m.source,
  text: (m) => m.text,
} satisfies Record<string, (message: MessageRow) => string | number | null>;

/**
 * Yields the header, then a chunk a page. Permission, input and the first page are checked before the first chunk.
 * @throws forbidden · invalid_input · not_found `tenant_not_found`
 */
export async function* exportMessages(ctx: Context, input: ExportMessages = {}): AsyncGenerator<string, void> {
  allow(ctx, "messages.read");
  const filters: Filters = parse(schema, input);
  let page = await readPage(ctx, filters, undefined);
  yield csvByteOrderMark + csvLine(Object.keys(columns));
  for (let written = 0; page.length > 0 && written < maxRows; written += page.length) {
    yield page.map((message) => csvLine(Object.values(columns).map((value) => value(message)))).join("");
    if (page.length < pageSize) return;
    page = await readPage(ctx, filters, page.at(-1)?.id);
  }
}

/** A transaction a page: a slow reader of the file holds no snapshot open. */
function readPage(ctx: Context, filters: Filters, cursor: string | undefined): Promise<MessageRow[]> {
  return inTransaction(ctx, (ctx) => findMessages(ctx, filters, { cursor, limit: pageSize }));
}
