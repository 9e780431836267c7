/** POST /api/v1/messages: one message, one text to many, or many messages; grouped into shared transactions. */
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { parse } from "#server/kernel/parse.ts";
import {
  manyMessages,
  manyRecipients,
  type OneMessage,
  oneMessage,
  sendAnswer,
  sendBody,
  sendQuery,
} from "#workers/gateway/bodies.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";
import { isPlainList, isPlainMessage } from "#workers/gateway/plain-bodies.ts";
import type { Send } from "#workers/gateway/sending.ts";

/** 10,000 messages of a few parts each. */
const bodyLimitBytes = 16 * 1024 * 1024;

export function sendMessages(send: Send): Endpoint {
  return {
    method: "POST",
    path: "/api/v1/messages",
    operationId: "sendMessages",
    summary:
      "Sends messages. What is wrong with one message refuses that one only: look at each status. With an Idempotency-Key header the same request is answered again and sent once.",
    scope: "messages.send",
    query: sendQuery,
    body: sendBody,
    bodyLimitBytes,
    status: 202,
    answer: sendAnswer,
    async handle(call) {
      const dryRun = isDryRun(call.query);
      const repeat = { key: call.header("idempotency-key"), body: call.body };
      const outcomes = await send(call, { messages: readItems(call.body), dryRun, repeat });
      return { messages: outcomes.map((outcome) => (dryRun ? withPrices(outcome) : plain(outcome))) };
    },
  };
}

function isDryRun(query: unknown): boolean {
  if (typeof query === "object" && query !== null && Object.keys(query).length === 0) return false;
  const { dry_run: said } = parse(sendQuery, query);
  return said === "true" || said === "1";
}

/** What no SMS can carry refuses the message, not the request. */
const ownTexts = ["sender", "to", "text", "reference"];

/** Chosen by the body's shape, so that the error is about what the caller meant. */
function readItems(body: unknown): OneMessage[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidInput("invalid_input", 'Send a JSON object: one message, or {"messages": [...]}.');
  }
  if (isPlainMessage(body)) return [body];
  if (isPlainList(body)) return body.messages;
  if ("messages" in body) return parse(manyMessages, body, ["messages"]).messages;
  if ("to" in body && Array.isArray(body.to)) {
    const { to, ...rest } = parse(manyRecipients, body, ownTexts);
    return to.map((one) => ({ ...rest, to: one }));
  }
  return [parse(oneMessage, body, ownTexts)];
}

function plain({ id, to, status, parts, error }: SubmitOutcome) {
  return error ? { id, to, status, error } : { id, to, status, parts };
}

function withPrices(outcome: SubmitOutcome) {
  return {
    ...plain(outcome),
    encoding: outcome.encoding,
    operator: outcome.operatorId,
    prices: outcome.prices.map(({ orderId, unitPriceMicros, totalMicros, currency, parts }) => ({
      orderId,
      unitPrice: { amount: formatMicros(unitPriceMicros, currency), currency },
      parts,
      total: { amount: formatMicros(totalMicros, currency), currency },
    })),
  };
}
