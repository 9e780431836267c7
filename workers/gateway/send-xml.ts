/** POST /api/xml: one message or up to 10,000, as an XML document. */
import { z } from "zod";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { parse } from "#server/kernel/parse.ts";
import { manyMessages, oneMessage, sentMessage } from "#workers/gateway/bodies.ts";
import type { Endpoint } from "#workers/gateway/endpoint.ts";
import type { Send } from "#workers/gateway/sending.ts";
import { type SendDocument, type XmlAnswer, xml } from "#workers/gateway/xml.ts";

/** As of the JSON API. */
const bodyLimitBytes = 16 * 1024 * 1024;

const yesNo = z.enum(["true", "false", "1", "0"]);
/** Namespaces that programs declare on every root are let stand. */
const sendAttributes = z.strictObject({
  "dry-run": yesNo.optional(),
  "idempotency-key": z.string().optional(),
});

/** For the document: `message` is repeated, and so may its `to` be. */
const sendDocument = z
  .object({
    "dry-run": yesNo.optional().meta({ xml: { attribute: true } }),
    "idempotency-key": z
      .string()
      .optional()
      .meta({ xml: { attribute: true } }),
    message: z.array(oneMessage.extend({ to: z.array(oneMessage.shape.to) })),
  })
  .meta({
    xml: { name: "send" },
    example: "<send><message><sender>ACME</sender><to>+84912345678</to><text>Hello</text></message></send>",
  });

export const sendXml = (send: Send): Endpoint => ({
  method: "POST",
  path: "/api/xml",
  operationId: "sendByXml",
  summary: "Sends messages given as XML. A document with a DOCTYPE is refused before it is parsed.",
  scope: "messages.send",
  body: sendDocument,
  bodyLimitBytes,
  status: 202,
  answer: z.object({ message: z.array(sentMessage) }).meta({ xml: { name: "messages" } }),
  dialect: xml,
  async handle(call) {
    const { attributes, messages: texts } = readDocument(call.body);
    const dryRun = attributes["dry-run"] === "true" || attributes["dry-run"] === "1";
    const { messages } = parse(manyMessages, { messages: texts.map(typed) }, ["messages"]);
    const key = call.header("idempotency-key") ?? attributes["idempotency-key"];
    const outcomes = await send(call, { messages, dryRun, repeat: { key, body: messages } });
    return outcomes.map((outcome) => viewOf(outcome, dryRun));
  },
});

function readDocument(body: unknown): SendDocument & { attributes: z.output<typeof sendAttributes> } {
  if (body === undefined) throw invalidInput("malformed_xml", "The body is empty: send an XML document.");
  const { attributes, messages } = body as SendDocument;
  const named = Object.entries(attributes).filter(([name]) => name !== "xmlns" && !name.startsWith("xmlns:"));
  return { attributes: parse(sendAttributes, Object.fromEntries(named)), messages };
}

const truths = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

/** Out of text, by the bounds of the JSON API: what is no number or truth there is none here. An empty choice is none. */
function typed(texts: Record<string, string>): Record<string, unknown> {
  const { validity, receipt, class: lane, reference, ...rest } = texts;
  return {
    ...rest,
    ...(lane ? { class: lane } : {}),
    ...(reference ? { reference } : {}),
    ...(validity ? { validity: /^\d{1,6}$/.test(validity) ? Number(validity) : validity } : {}),
    ...(receipt ? { receipt: truths.get(receipt) ?? receipt } : {}),
  };
}

function viewOf(
  { id, to, status, parts, error, encoding, operatorId, prices }: SubmitOutcome,
  dryRun: boolean,
): XmlAnswer[number] {
  const plain = { id, to, status, parts, ...(error ? { error } : {}) };
  if (!dryRun) return plain;
  const [price] = prices;
  const cost = price && { amount: formatMicros(price.totalMicros, price.currency), currency: price.currency };
  return { ...plain, encoding, operator: operatorId, cost };
}
