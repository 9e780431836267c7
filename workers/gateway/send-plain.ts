/** GET and POST /api/send: one text to one or many, in the fields that programs for SMS gateways send. */
import { z } from "zod";
import { maxItems, trafficClass } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { formatMicros } from "#server/kernel/money.ts";
import { parse } from "#server/kernel/parse.ts";
import { manyRecipients, type OneMessage } from "#workers/gateway/bodies.ts";
import type { Call, Endpoint } from "#workers/gateway/endpoint.ts";
import { charsetNamed, charsets, decodeText, type FormFields, mergeForms } from "#workers/gateway/form-fields.ts";
import { type PlainLine, plain } from "#workers/gateway/plain.ts";
import type { Send } from "#workers/gateway/sending.ts";

/** 10,000 recipients, and the longest text with every byte escaped. */
const bodyLimitBytes = 512 * 1024;

const yesNo = z.enum(["1", "0", "true", "false", "yes", "no"]);
const secret = "Keep it out of addresses where you can: they are written down on their way.";
export const plainFields = z.strictObject({
  key: z.string().optional().describe(`The API key, for programs that send no Authorization header. ${secret}`),
  password: z.string().optional().describe("The same under its other name."),
  user: z.string().max(128).optional().describe("Not looked at: the key says who it is. Also: username."),
  sender: z.string().min(1).max(64).describe("An approved sender name or number of the account. Also: from."),
  to: z.string().min(1).describe(`Mobile numbers with their country code, by commas; at most ${maxItems}.`),
  text: z.string().optional().describe("The text, in the charset named. Either this or hex."),
  hex: z.string().optional().describe("The text as UTF-16BE in hex digits, four a unit."),
  charset: z.enum(charsets).optional().describe("Of the bytes of text. Default utf-8."),
  coding: z
    .enum(["auto", "gsm7", "ucs2", "0", "2", "8"])
    .optional()
    .describe(
      "gsm7 (0) refuses a text that would need UCS-2, so that it never costs more. All others choose by the text.",
    ),
  unicode: yesNo.optional().describe("1: UCS-2 may be used, as it may be anyway; 0: as coding=gsm7."),
  class: trafficClass.optional().describe("Default transactional."),
  reference: z.string().optional().describe("The client's own id; messages can be found by it."),
  validity: z.string().optional().describe("Minutes that the message may wait for delivery."),
  receipt: yesNo.optional().describe("Whether a delivery receipt is wanted. Also: dlr."),
  idempotency_key: z.string().optional().describe("As the Idempotency-Key header, which goes before it."),
  dry_run: yesNo.optional().describe("1: everything is checked and priced, nothing is sent."),
});
type Fields = z.output<typeof plainFields>;

const aliases = new Map<string, keyof Fields>([
  ["username", "user"],
  ["from", "sender"],
  ["dlr", "receipt"],
]);
/** Where an empty field says something; any other that is empty was not given: templates leave them so. */
const meantWhenEmpty = ["text", "hex", "to", "sender"];

export function sendPlain(send: Send): Endpoint[] {
  const shared = {
    path: "/api/send",
    scope: "messages.send",
    status: 202,
    answer: z
      .string()
      .describe("A line a recipient: queued|review <to> <id> <parts>, or refused <to> <code> <what is wrong>.")
      .meta({ example: "queued 84912345678 019a0000-0000-7000-8000-000000000000 1\n" }),
    otherAnswers: { 422: { description: "Every recipient was refused: the lines say why." } },
    dialect: plain,
    handle: async (call: Call) => {
      const fields = readFields(mergeForms(call.query as FormFields, call.body as FormFields | undefined));
      const dryRun = isYes(fields.dry_run);
      const messages = messagesOf(fields);
      const repeat = { key: call.header("idempotency-key") ?? fields.idempotency_key, body: messages };
      const outcomes = await send(call, { messages, dryRun, repeat });
      return outcomes.map((outcome) => lineOf(outcome, dryRun));
    },
  } as const;
  const summary = "Sends one text by plain fields, to one recipient or several.";
  return [
    { ...shared, method: "GET", operationId: "sendByQuery", summary, query: plainFields },
    { ...shared, method: "POST", operationId: "sendByForm", summary, body: plainFields, bodyLimitBytes },
  ];
}

/** @throws invalid_input `malformed_form`, and `invalid_input` naming the field */
function readFields({ values, charset }: FormFields): Fields {
  const named = values.get("charset")?.toString("latin1").trim();
  const textCharset = named ? charsetNamed(named) : (charset ?? "utf-8");
  const given = new Map<string, string>();
  for (const [name, bytes] of values) {
    const field = aliases.get(name) ?? name;
    if (given.has(field)) throw invalidInput("invalid_input", `${field}: given under two names.`, { field });
    if (bytes.length === 0 && !meantWhenEmpty.includes(field)) continue;
    // An unknown charset is answered below, by its field.
    const text = decodeText(bytes, field === "text" ? (textCharset ?? "utf-8") : "utf-8", field);
    given.set(field, field === "text" ? text : text.trim());
  }
  if (textCharset && given.has("charset")) given.set("charset", textCharset);
  return parse(plainFields, Object.fromEntries(given), ["text", "sender", "to", "reference"]);
}

/** By the very bounds of the JSON API. */
function messagesOf(fields: Fields): OneMessage[] {
  const text = textOf(fields);
  const { validity, receipt } = fields;
  const asked = {
    sender: fields.sender,
    text,
    class: fields.class,
    reference: fields.reference,
    validity: validity === undefined ? undefined : /^\d{1,6}$/.test(validity) ? Number(validity) : validity,
    receipt: receipt === undefined ? undefined : isYes(receipt),
    to: recipientsOf(fields.to),
  };
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const { to, ...rest } = parse(manyRecipients, given, ["text", "sender", "to", "reference"]);
  return to.map((one) => ({ ...rest, to: one }));
}

function recipientsOf(list: string): string[] {
  const all = list.split(",", maxItems + 2).map((one) => one.trim());
  // A comma at the end is a habit of programs.
  return all.filter((one, index) => one !== "" || index < all.length - 1 || index === 0);
}

function textOf({ text, hex, coding, unicode }: Fields): string {
  if ((text === undefined) === (hex === undefined)) {
    throw invalidInput("invalid_input", "text: send either text or hex.", { field: "text" });
  }
  if (hex !== undefined && !/^(?:[0-9a-f]{4})*$/i.test(hex)) {
    throw invalidInput("invalid_input", "hex: four hex digits a unit of UTF-16.", { field: "hex" });
  }
  const read = text ?? decodeText(Buffer.from(hex ?? "", "hex"), "utf-16be", "hex");
  const isGsm7Asked = coding === "gsm7" || coding === "0" || (unicode !== undefined && !isYes(unicode));
  if (isGsm7Asked && read.length <= maxTextLength && segmentText(read).encoding !== "gsm7") {
    const field = coding === undefined ? "unicode" : "coding";
    throw invalidInput("not_gsm7", "The text has characters outside the GSM-7 alphabet.", { field });
  }
  return read;
}

const maxTextLength = 10_000;

const isYes = (value: string | undefined): boolean => value === "1" || value === "true" || value === "yes";

function lineOf({ status, to, id, parts, error, prices: [price] }: SubmitOutcome, dryRun: boolean): PlainLine {
  if (error) return { status, to, idOrCode: error.code, rest: error.message };
  const cost = dryRun && price ? ` ${formatMicros(price.totalMicros, price.currency)} ${price.currency}` : "";
  return { status, to, idOrCode: id, rest: `${parts}${cost}` };
}
