/** The audit log as CSV, newest first; the query holds the filters of the list. */
import { answerAs, csvAnswer, queryOf } from "#app/api/http-answer.ts";
import { listAudit as schema } from "#server/domain/reports/audit-input.ts";
import { type AuditEntry, listAudit } from "#server/domain/reports/list-audit.ts";
import type { Context } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";
import type { Page } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export const dynamic = "force-dynamic";

const pageSize = 200;
/** What a spreadsheet can open (1,048,576 rows with the header). */
const maxRows = 1_048_575;

const columns = {
  id: (entry) => entry.id,
  at: (entry) => entry.createdAt.toISOString(),
  tenant: (entry) => entry.tenantName,
  action: (entry) => entry.action,
  subject_type: (entry) => entry.subjectType,
  subject_id: (entry) => entry.subjectId,
  actor_type: (entry) => entry.actorType,
  actor: (entry) => entry.actorName,
  actor_id: (entry) => entry.actorId,
  detail: (entry) => JSON.stringify(entry.detail),
} satisfies Record<string, (entry: AuditEntry) => string | null>;

type Filters = ReturnType<typeof schema.parse>;

export function GET(request: Request): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const filters = { ...parse(schema, queryOf(request)), limit: pageSize };
    return csvAnswer("audit-log.csv", linesOf(ctx, filters, await listAudit(ctx, filters)));
  });
}

async function* linesOf(ctx: Context, filters: Filters, first: Page<AuditEntry>): AsyncGenerator<string> {
  yield csvByteOrderMark + csvLine(Object.keys(columns));
  let page = first;
  for (let written = page.items.length; ; written += page.items.length) {
    yield page.items.map((entry) => csvLine(Object.values(columns).map((value) => value(entry)))).join("");
    if (!page.nextCursor || written >= maxRows) return;
    page = await listAudit(ctx, { ...filters, cursor: page.nextCursor });
  }
}
