/** tRPC over HTTP, for the console's islands and for API keys. */
import { TRPCError } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { contextFromHeaders } from "#server/auth/context.ts";
import { isSameOrigin } from "#server/auth/host.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { jsonText } from "#server/kernel/json-text.ts";
import { appRouter } from "#server/routers/root.ts";
import type { RequestContext } from "#server/routers/trpc.ts";

async function handle(request: Request): Promise<Response> {
  // A session cookie is not enough to act: the page that sends it must be ours.
  if (!request.headers.has("authorization") && !isSameOrigin(request.headers)) {
    return new Response("Cross-origin calls need an API key.", { status: 403 });
  }
  const read = await withReadBody(request);
  if (read instanceof Response) return read;
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: read,
    router: appRouter,
    createContext: () => contextOf(request),
  });
}

async function withReadBody(request: Request): Promise<Request | Response> {
  if (request.method !== "POST") return request;
  const body = jsonText(new Uint8Array(await request.arrayBuffer()), request.headers.get("content-type") ?? "");
  if ("text" in body) return new Request(request.url, { method: "POST", headers: request.headers, body: body.text });
  const status = body.wrong === "charset" ? 415 : 400;
  return new Response("The body is not JSON in UTF-8.", { status });
}

async function contextOf(request: Request): Promise<RequestContext> {
  try {
    return { caller: await contextFromHeaders(request.headers) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const code = error.kind === "forbidden" ? "FORBIDDEN" : "UNAUTHORIZED";
    throw new TRPCError({ code, message: error.message, cause: error });
  }
}

export { handle as GET, handle as POST };
