/** GET /api/v1/why?id=…: any id, and the story of the message that it means, or the messages that it may mean. */
import { z } from "zod";
import type { Edge } from "#server/domain/messages/get.ts";
import type { Story } from "#server/domain/messages/story.ts";
import type { Octets, ShownExchange, Step } from "#server/domain/messages/story-step.ts";
import { why } from "#server/domain/messages/why.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { parse } from "#server/kernel/parse.ts";
import { message, price } from "#workers/gateway/bodies.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";
import { messageView } from "#workers/gateway/read-messages.ts";

const anyId = z.strictObject({
  id: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe(
      "Our id of a message, a part, a batch or a campaign; the client's reference or Idempotency-Key; a number in any notation; a webhook-id; where the account owns the connection, the carrier's id in any notation.",
    ),
});

const octets = z.object({
  hex: z.string().nullable().describe("As it was on the wire, two digits an octet. null for HTTP."),
  text: z.string().nullable().describe("The message as it was read from an HTTP request."),
  command: z.string().nullable().describe("Of SMPP: submit_sm and so on."),
  sequence: z.int().nullable(),
  status: z.string().nullable().describe("command_status of an answer, by name."),
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
  isCut: z.boolean().describe("There was more than is kept."),
});
const step = z.object({
  at: z.iso.datetime(),
  kind: z.string(),
  part: z.int().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  money: z.array(price.extend({ state: z.string() })).optional(),
  exchange: z
    .object({
      durationMs: z.number(),
      peer: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      request: octets,
      response: octets.nullable(),
    })
    .optional()
    .describe("What was exchanged, as it was captured; for as long as it is kept."),
});
const foundBy = z
  .enum(["message", "batch", "campaign", "reference", "idempotency", "carrier", "number", "callback", "attempt"])
  .describe("What the id turned out to be.");
const answer = z.object({
  matches: z.array(message.extend({ foundBy })).describe("Newest first, at most 25."),
  hasMore: z.boolean(),
  story: message
    .extend({ steps: z.array(step) })
    .nullable()
    .describe("When the id means exactly one message."),
});

export const whyEndpoints: Endpoint[] = [
  {
    method: "GET",
    path: "/api/v1/why",
    operationId: "why",
    summary: "Any id, in any notation: the whole story of the message that it means, step by step.",
    scope: "messages.read",
    query: anyId,
    status: 200,
    answer,
    async handle({ ctx, query }) {
      const { matches, hasMore, story } = await why(ctx, parse(anyId, query));
      return {
        matches: matches.map((match) => ({ ...messageView(match), foundBy: match.foundBy })),
        hasMore,
        story: story && storyView(story),
      };
    },
  },
];

const storyView = (story: Story) => ({
  ...messageView(story),
  steps: story.steps.map(({ at, kind, part, facts, money, exchange }: Step) => ({
    at: at.toISOString(),
    kind,
    part,
    facts,
    ...(money ? { money: money.map((edge) => priceView(edge, story.parts)) } : {}),
    ...(exchange ? { exchange: exchangeView(exchange) } : {}),
  })),
});

const priceView = ({ orderId, unitPriceMicros, totalMicros, currency, state }: Edge, parts: number) => ({
  orderId,
  unitPrice: { amount: formatMicros(unitPriceMicros, currency), currency },
  parts,
  total: { amount: formatMicros(totalMicros, currency), currency },
  state,
});

/** Named one by one: what is new in the verb's answer is not told before somebody meant it. */
const exchangeView = ({ durationMs, peer, request, response }: ShownExchange) => ({
  durationMs,
  peer,
  request: octetsView(request),
  response: response && octetsView(response),
});
const octetsView = ({ hex, text, command, sequence, status, fields, isCut }: Octets) => ({
  hex,
  text,
  command,
  sequence,
  status,
  fields,
  isCut,
});
