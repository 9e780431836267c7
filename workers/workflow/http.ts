/** The HTTP face: event API, registration, checkpoints and run state for the SDK, and a small read API for the console. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import { isId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import { memoisedSteps } from "./call.ts";
import type { Engine } from "./engine.ts";
import { readEvents } from "./event.ts";
import { Refusal } from "./function-config.ts";
import { operations } from "./outcome.ts";
import { acceptEvents } from "./route-events.ts";
import { cancelRun, findRun, listRuns, runEvents } from "./run-reads.ts";
import { limits } from "./settings.ts";
import { checkpoint } from "./settle.ts";
import { hashedKey, isSameText } from "./signature.ts";
import { register } from "./sync.ts";

export function buildHttp(engine: Engine): FastifyInstance {
  const app = Fastify({ logger: false, bodyLimit: limits.requestBytes });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof Refusal || error instanceof z.ZodError ? 400 : (error.statusCode ?? 500);
    if (status >= 500) log.error({ err: error, path: request.routeOptions.url }, "workflow request failed");
    return reply.code(status).send({ status, error: status >= 500 ? "Internal server error" : error.message });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ status: 404, error: "Not found" }));
  eventRoutes(app, engine);
  app.register(async (guarded) => {
    const expected = `Bearer ${hashedKey(engine.settings.signingKey)}`;
    guarded.addHook("onRequest", async (request, reply) => {
      if (isSameText(request.headers.authorization ?? "", expected)) return;
      await reply.code(401).send({ status: 401, error: "The signing key is missing or wrong." });
    });
    sdkRoutes(guarded, engine);
    runRoutes(guarded, engine);
  });
  return app;
}

function eventRoutes(app: FastifyInstance, engine: Engine): void {
  app.post<{ Params: { key: string } }>("/e/:key", async (request, reply) => {
    if (!isSameText(request.params.key, engine.settings.eventKey)) {
      return reply.code(401).send({ ids: [], status: 401, error: "Event key not found" });
    }
    const seed = request.headers["x-inngest-event-id-seed"];
    let incoming: ReturnType<typeof readEvents>;
    try {
      incoming = readEvents(request.body, typeof seed === "string" ? seed : undefined, engine.clock.now());
    } catch (error) {
      return reply.code(400).send({ ids: [], status: 400, error: error instanceof Error ? error.message : "Invalid" });
    }
    await acceptEvents(engine, incoming);
    return { ids: incoming.map(({ event }) => event.id), status: 200 };
  });
}

const checkpointBody = z.looseObject({ qi_id: z.uuid(), steps: operations });

function sdkRoutes(app: FastifyInstance, engine: Engine): void {
  app.post("/fn/register", async (request, reply) => {
    try {
      return { ok: true, status: 200, modified: await register(engine, request.body) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      log.error({ reason: error.message }, "functions refused");
      // The SDK takes the status from the body.
      return reply.code(400).send({ ok: false, status: 400, modified: false, error: error.message });
    }
  });
  app.post<{ Params: { id: string } }>("/v1/checkpoint/:id/async", async (request, reply) => {
    const { qi_id: token, steps } = checkpointBody.parse(request.body);
    const isCurrent = await checkpoint(engine, idOf(request), token, steps);
    if (isCurrent) return { ok: true };
    return reply.code(409).send({ status: 409, error: "This call is not the run's current one." });
  });
  app.get("/v0/runs/:id/actions", async (request) => (await memoisedSteps(engine, idOf(request))).steps);
  app.get("/v0/runs/:id/batch", async (request, reply) => {
    const events = await runEvents(engine, idOf(request));
    return events ?? notFound(reply);
  });
}

const listQuery = z.strictObject({
  status: z.enum(["queued", "running", "completed", "failed", "cancelled"]).optional(),
  functionId: z.string().max(200).optional(),
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageSize).default(50),
});

function runRoutes(app: FastifyInstance, engine: Engine): void {
  app.get("/v0/runs", async (request) => listRuns(engine, listQuery.parse(request.query)));
  app.get("/v0/runs/:id", async (request, reply) => (await findRun(engine, idOf(request))) ?? notFound(reply));
  app.post("/v0/runs/:id/cancel", async (request, reply) => {
    const found = await cancelRun(engine, idOf(request));
    return found ?? notFound(reply);
  });
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  // An id of another form is no id of ours; Postgres would refuse to compare it.
  return isId(id) ? id : "00000000-0000-0000-0000-000000000000";
}

const notFound = (reply: FastifyReply) => reply.code(404).send({ status: 404, error: "There is no such run." });
