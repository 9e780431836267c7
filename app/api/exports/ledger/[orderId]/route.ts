/** An order's whole statement as CSV, streamed page by page, the latest day first. */
import { answerAs, csvAnswer } from "#app/api/http-answer.ts";
import { type Statement, statement } from "#server/domain/ledger/statement.ts";
import { statementHeader, statementRow } from "#server/domain/ledger/statement-csv.ts";
import type { Context } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";

export const dynamic = "force-dynamic";

const pageDays = 400;

export function GET(request: Request, { params }: { params: Promise<{ orderId: string }> }): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const { orderId } = await params;
    const first = await statement(ctx, { orderId, limit: pageDays });
    return csvAnswer(`statement-${first.number}.csv`, linesOf(ctx, first));
  });
}

async function* linesOf(ctx: Context, first: Statement): AsyncGenerator<string> {
  yield csvByteOrderMark + csvLine(statementHeader(first.currency));
  for (let page = first; ; ) {
    if (page.items.length > 0) {
      yield page.items.map((day) => csvLine(statementRow(day, first.currency))).join("");
    }
    if (!page.nextCursor) return;
    page = await statement(ctx, { orderId: first.orderId, limit: pageDays, cursor: page.nextCursor });
  }
}
