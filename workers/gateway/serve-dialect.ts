/** Serves one endpoint in a dialect of its own, in a scope of its own: its parsers and its errors touch no other door. */
import type { IncomingMessage } from "node:http";
import { errorCodes, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Context } from "#server/kernel/context.ts";
import { type Authenticate, basicKey, bearerKey } from "#workers/gateway/caller.ts";
import type { DatabaseGuard } from "#workers/gateway/database-guard.ts";
import type { Dialect } from "#workers/gateway/dialect.ts";
import { callOf, type Endpoint } from "#workers/gateway/endpoint.ts";
import type { ProblemAnswer } from "#workers/gateway/problem.ts";

export type DialectOptions = {
  guard: DatabaseGuard;
  authenticate: Authenticate;
  callers: WeakMap<FastifyRequest, Context>;
  answerError(error: unknown, request: FastifyRequest): ProblemAnswer;
};

export function serveDialect(
  app: FastifyInstance,
  endpoint: Endpoint,
  dialect: Dialect,
  options: DialectOptions,
): void {
  const { guard, authenticate, callers, answerError } = options;
  const queries = new WeakMap<FastifyRequest, unknown>();
  const admit = async (request: FastifyRequest, key: string | undefined) =>
    void callers.set(
      request,
      await guard.bounded("authenticateMs", () => authenticate(request.raw, endpoint.path, key)),
    );

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      [...dialect.reads],
      { parseAs: "buffer" },
      async (request: FastifyRequest, body: Buffer) => dialect.readBody(body, request.headers["content-type"] ?? ""),
    );
    scope.setErrorHandler((error, request, reply) => {
      const answer = answerError(error, request);
      if (answer.status === 415) answer.body.detail = dialect.readsHint;
      sendProblemIn(dialect, reply, answer);
    });
    scope.route({
      method: endpoint.method,
      url: endpoint.path,
      bodyLimit: endpoint.bodyLimitBytes,
      // HEAD must not do what GET does: this GET sends.
      exposeHeadRoute: false,
      onRequest: async (request) => {
        refuseEncoded(request);
        const query = dialect.readQuery ? dialect.readQuery(queryBytes(request)) : request.query;
        queries.set(request, query);
        const key = bearerKey(request) ?? basicKey(request) ?? dialect.keyIn?.(query);
        // Without any, it may stand in the body, whose size is bounded; else who is unknown makes us read nothing.
        if (key || endpoint.method === "GET" || !dialect.keyIn) await admit(request, key);
      },
      preHandler: async (request) => {
        if (!callers.has(request)) await admit(request, dialect.keyIn?.(request.body));
      },
      handler: async (request, reply) => {
        const call = callOf(request, reply, callers.get(request), queries.get(request));
        const { status = endpoint.status, text } = dialect.answer(
          await guard.bounded("handleMs", () => endpoint.handle(call)),
        );
        return reply.code(status).header("cache-control", "no-store").type(dialect.writes).send(text);
      },
    });
  });
}

export function sendProblemIn(dialect: Dialect, reply: FastifyReply, { status, headers, body }: ProblemAnswer): void {
  reply
    .code(status)
    .headers(headers)
    .header("request-id", body.requestId)
    .type(dialect.writes)
    .send(dialect.problem(body));
}

/** What is compressed is not read: a few kilobytes could become gigabytes. */
export function refuseEncoded({ headers }: Pick<IncomingMessage, "headers">): void {
  const encoding = headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(encoding);
  }
}

function queryBytes({ raw }: FastifyRequest): Buffer {
  const target = raw.url ?? "";
  const mark = target.indexOf("?");
  return Buffer.from(mark < 0 ? "" : target.slice(mark + 1), "latin1");
}
