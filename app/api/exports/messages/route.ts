/** Messages as CSV, streamed page by page, newest first; the query holds the verb's filters. */
import { contextFromHeaders } from "#server/auth/context.ts";
import { exportMessages } from "#server/domain/messages/export.ts";
import type { ExportMessages } from "#server/domain/messages/input.ts";
import { DomainError, type ErrorKind } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";

const statusOf: Partial<Record<ErrorKind, number>> = { invalid_input: 400, forbidden: 403, not_found: 404 };

export async function GET(request: Request): Promise<Response> {
  const caller = await contextFromHeaders(request.headers);
  if (!caller) return new Response("Sign in first.", { status: 401 });
  const { status, ...filters } = Object.fromEntries(new URL(request.url).searchParams);
  try {
    // The verb checks every value: what the address holds is only claimed to have the right shape.
    const input = { ...filters, ...(status ? { status: status.split(",") } : {}) } as ExportMessages;
    const lines = exportMessages(caller, input);
    // Read before the answer begins, so that a refusal still has its status.
    const header = await lines.next();
    return new Response(streamOf(joined(header, lines)), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="messages.csv"',
        "cache-control": "private, no-store",
      },
    });
  } catch (error) {
    if (error instanceof DomainError) return new Response(error.message, { status: statusOf[error.kind] ?? 400 });
    log.error({ err: error }, "messages could not be exported");
    return new Response("Something went wrong on our side. Try again.", { status: 500 });
  }
}

async function* joined(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncGenerator<string> {
  if (!first.done) yield first.value;
  yield* rest;
}

/** Reads a page only when the reader is ready for it; a reader who leaves ends the reading. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
