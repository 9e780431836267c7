/** An order's whole statement as CSV, streamed page by page, the latest day first. */
import { contextFromHeaders } from "#server/auth/context.ts";
import { type Statement, statement } from "#server/domain/ledger/statement.ts";
import { statementHeader, statementRow } from "#server/domain/ledger/statement-csv.ts";
import type { Context } from "#server/kernel/context.ts";
import { csvByteOrderMark, csvLine } from "#server/kernel/csv.ts";
import { DomainError, type ErrorKind } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";

const pageDays = 400;
const statusOf: Partial<Record<ErrorKind, number>> = { invalid_input: 400, forbidden: 403, not_found: 404 };

export async function GET(request: Request, { params }: { params: Promise<{ orderId: string }> }): Promise<Response> {
  const caller = await contextFromHeaders(request.headers);
  if (!caller) return new Response("Sign in first.", { status: 401 });
  const { orderId } = await params;
  try {
    // Read before the answer begins, so that a refusal still has its status.
    const first = await statement(caller, { orderId, limit: pageDays });
    return new Response(ReadableStream.from(lines(caller, first)).pipeThrough(new TextEncoderStream()), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(`statement-${first.number}.csv`)}`,
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    if (error instanceof DomainError) return new Response(error.message, { status: statusOf[error.kind] ?? 400 });
    log.error({ err: error }, "a statement could not be exported");
    return new Response("Something went wrong on our side. Try again.", { status: 500 });
  }
}

async function* lines(caller: Context, first: Statement): AsyncGenerator<string, void> {
  yield csvByteOrderMark + csvLine(statementHeader(first.currency));
  for (let page = first; ; ) {
    yield page.items.map((day) => csvLine(statementRow(day, first.currency))).join("");
    if (!page.nextCursor) return;
    page = await statement(caller, { orderId: first.orderId, limit: pageDays, cursor: page.nextCursor });
  }
}
