/** GET /api/v1/openapi.json: made from the endpoints themselves, so that it cannot differ from what is served. */
import { z } from "zod";
import type { Endpoint } from "#workers/gateway/endpoint.ts";
import type { Problem } from "#workers/gateway/problem.ts";
import { webhookEvent } from "#workers/gateway/read-webhooks.ts";

const problemSchema = {
  type: "object",
  description: "RFC 9457. Decide by code; title and detail are for people.",
  required: ["type", "title", "status", "code", "detail", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    requestId: { type: "string" },
    field: { type: "string" },
    issues: { type: "array", items: { type: "object" } },
  },
};

type Answer = { description: string; content: object };
/** Errors as the door writes them. */
const problemsOf =
  ({ dialect }: Endpoint) =>
  (description: string): Answer => ({
    description,
    content: dialect
      ? { [bare(dialect.writes)]: { schema: { type: "string" }, example: dialect.problem(exampleProblem) } }
      : { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  });

const exampleProblem: Problem = {
  type: "about:blank",
  title: "Unauthorized",
  status: 401,
  code: "invalid_key",
  detail: "This API key is unknown, expired or revoked.",
  requestId: "019a0000-0000-7000-8000-000000000000",
};

/** Of a content type, without its parameters. */
const bare = (type: string): string => type.split(";")[0] ?? type;

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12. */
export function openApiDocument(endpoints: readonly Endpoint[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Messaging API", version: "1", description: "Send messages and follow them." },
    security: [{ key: [] }],
    paths,
    webhooks: { event: { post: eventOperation } },
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer", description: "An API key of the account." },
        basic: { type: "http", scheme: "basic", description: "The API key as the password, under any name." },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

/** What the platform sends, and what it takes from the answer. */
const eventOperation = {
  summary: "Something happened: a message ended, an order ran out, a campaign finished.",
  description:
    "Signed by the Standard Webhooks scheme. Where lists were asked for, data.events holds events with their ids.",
  parameters: ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => ({
    name,
    in: "header",
    required: true,
    schema: { type: "string" },
  })),
  requestBody: { required: true, content: json(z.toJSONSchema(webhookEvent, { io: "output" })) },
  responses: { "2XX": { description: "Taken; anything else is tried again." }, 410: { description: "Send no more." } },
};

function operation(endpoint: Endpoint): Record<string, unknown> {
  const { operationId, summary, scope, query, params, body, status, answer, dialect } = endpoint;
  const problemAnswer = problemsOf(endpoint);
  const parameters = [...parametersOf(query, "query"), ...parametersOf(params, "path")];
  const isRepeatable = scope === "messages.send";
  if (isRepeatable) {
    const description =
      "1 to 255 characters. Within a day the same key with the same body gives the first answer again.";
    parameters.push({
      name: "Idempotency-Key",
      in: "header",
      required: false,
      description,
      schema: { type: "string" },
    });
  }
  return {
    operationId,
    summary,
    description: `Needs a key with the scope ${scope}.`,
    ...(dialect ? { security: [{ key: [] }, { basic: [] }, ...(dialect.keyIn ? [{}] : [])] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: content(body, "input", dialect?.reads) } } : {}),
    responses: {
      [status]: { description: "Done", content: content(answer, "output", dialect && [bare(dialect.writes)]) },
      ...endpoint.otherAnswers,
      400: problemAnswer("The request is not valid."),
      401: problemAnswer("The key is missing, unknown, expired or revoked."),
      403: problemAnswer("The key may not do this, or not from this address."),
      ...(params ? { 404: problemAnswer("There is no such thing in the account's scope.") } : {}),
      ...(isRepeatable ? { 409: problemAnswer("The Idempotency-Key was used otherwise.") } : {}),
      ...(body
        ? {
            413: problemAnswer("Too large."),
            415: problemAnswer("Another content type or charset, or compressed."),
          }
        : {}),
      429: problemAnswer("Too much at once; Retry-After says when to ask again."),
      503: problemAnswer("Restarting; Retry-After says when to ask again."),
    },
  };
}

type Parameter = { name: string; in: string; required: boolean; description?: string; schema: unknown };

function parametersOf(shape: z.ZodObject | undefined, place: "query" | "path"): Parameter[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string };
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function json(schema: Record<string, unknown>) {
  const { $schema: _, ...rest } = schema;
  return { "application/json": { schema: rest } };
}

function content(shape: z.ZodType, io: "input" | "output", types: readonly string[] = ["application/json"]) {
  const { "application/json": as } = json(z.toJSONSchema(shape, { io }));
  return Object.fromEntries(types.map((type) => [type, as]));
}
