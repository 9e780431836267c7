/** What the web's plain HTTP routes share: who asks, errors as problem documents, CSV that is sent as it is made. */
import { contextFromHeaders } from "#server/auth/context.ts";
import { isSameOrigin } from "#server/auth/host.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError, httpStatusOf, refusedValue } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";

/**
 * Runs the work as the signed-in user or the API key. A session cookie alone does not act for another site's page.
 * Errors are answered as RFC 9457 problem documents.
 */
export async function answerAs(request: Request, work: (ctx: Context) => Promise<Response>): Promise<Response> {
  try {
    if (!request.headers.has("authorization") && !isSameOrigin(request.headers)) {
      return problem(403, "cross_origin", "Cross-origin calls need an API key.");
    }
    const ctx = await contextFromHeaders(request.headers);
    if (!ctx) return problem(401, "unauthenticated", "Sign in first, or send an API key.");
    return await work(ctx);
  } catch (error) {
    const refused = refusedValue(error);
    if (refused) log.warn({ err: error }, "the database refused a value");
    const known = error instanceof DomainError ? error : refused;
    if (known) return problem(httpStatusOf[known.kind], known.code, known.message, known.detail);
    log.error({ err: error }, "unexpected error in a route");
    return problem(500, "internal", "Something went wrong on our side. Try again.");
  }
}

function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}): Response {
  const body = { ...more, type: "about:blank", status, code, detail };
  const headers = new Headers({ "content-type": "application/problem+json" });
  if (status === 429 || status === 503) headers.set("retry-after", String(more.retryAfterSeconds ?? 2));
  return Response.json(body, { status, headers });
}

/** Sends pieces of CSV as a download. What the first piece throws is an answer still, so it is asked for at once. */
export async function csvAnswer(fileName: string, pieces: AsyncGenerator<string>): Promise<Response> {
  const first = await pieces.next();
  const encoder = new TextEncoder();
  let next: IteratorResult<string> | undefined = first;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece: IteratorResult<string> = next ?? (await pieces.next());
      next = undefined;
      if (piece.done) controller.close();
      else controller.enqueue(encoder.encode(piece.value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName.replace(/[^\w.-]/g, "_")}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** The query as an object: names that stand once as text, repeated ones as a list; `lists` are always lists. */
export function queryOf(request: Request, lists: readonly string[] = []): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length > 1 || lists.includes(name) ? values : (values[0] ?? "")];
    }),
  );
}

/** The body as it arrives. @throws invalid_input `file_missing`, or `file_too_large` while it is read */
export async function* bodyOf(request: Request, maxBytes: number): AsyncGenerator<Uint8Array> {
  if (!request.body) throw new DomainError("invalid_input", "file_missing", "Send the file as the body.");
  const reader = request.body.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      size += value.length;
      if (size > maxBytes) {
        throw new DomainError("invalid_input", "file_too_large", `A file has at most ${maxBytes >> 20} MB.`);
      }
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
