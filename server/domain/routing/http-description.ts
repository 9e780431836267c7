/** A partner's HTTP interface as data: the request, who we are there, what its answers and receipts mean. Pure zod: forms import it. */
import { z } from "zod";
import {
  messagePlaceholders,
  pollPlaceholders,
  render,
  unknownPlaceholders,
} from "#server/domain/routing/http-template.ts";
import { ipRange } from "#server/kernel/ip-range.ts";

const mostStates = 60;
const mostHeaders = 20;
/** Made by the client itself, or able to change what the request is. */
const reservedHeaders =
  /^(?:host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|accept-encoding)$/i;

const header = z.strictObject({
  name: z
    .string()
    .trim()
    .max(80)
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "Use a header's name: letters, digits and hyphens.")
    .refine((name) => !reservedHeaders.test(name), "This header is set by the connection itself."),
  value: z
    .string()
    .max(1_000)
    .regex(/^[\x20-\x7e]*$/, "Use printable ASCII characters."),
});

/** http or https; the host is fixed, so that no message decides where it goes. */
const urlTemplate = z
  .string()
  .trim()
  .max(2_000)
  .regex(
    /^https?:\/\/[^\s/?#{}@\\]+(?:[/?][^\s#]*)?$/i,
    "Use an http or https address without placeholders in its host.",
  )
  .refine((url) => URL.canParse(url.replaceAll(/\{[a-z_]+\}/g, "x")), "Use an http or https address.");

export const httpMethods = ["GET", "POST", "PUT"] as const;
export const bodyKinds = ["none", "form", "json", "xml", "text"] as const;
const requestFields = {
  method: z.enum(httpMethods),
  url: urlTemplate,
  headers: z.array(header).max(mostHeaders).default([]),
  bodyKind: z.enum(bodyKinds).default("none"),
  /** With placeholders, each escaped for its place; see http-template.ts. */
  body: z.string().max(8_000).default(""),
};

export const authKinds = ["none", "basic", "bearer", "header", "query", "oauth", "template"] as const;
const auth = z.strictObject({
  /** template: {user} and {secret} stand in the request itself. */
  kind: z.enum(authKinds),
  /** basic: the user name. oauth: the client's id. */
  user: z
    .string()
    .trim()
    .max(200)
    .regex(/^[\x20-\x7e]*$/, "Use printable ASCII characters.")
    .default(""),
  /** Of the header or the query parameter that carries the secret. */
  name: z
    .string()
    .trim()
    .max(80)
    .regex(/^[A-Za-z0-9_.-]*$/, "Use letters, digits, hyphens, dots and underscores.")
    .default(""),
  /** OAuth 2.0 client credentials, RFC 6749 section 4.4. */
  tokenUrl: z.union([z.literal(""), urlTemplate]).default(""),
  scope: z.string().trim().max(300).default(""),
});

/**
 * json: a pointer (RFC 6901). xml: names of elements from the root on, divided by slashes, @name for an attribute at
 * the end. pattern: a regular expression in RE2's syntax, its first group. header: by name. field: a query or form field.
 */
export const placeKinds = ["json", "xml", "pattern", "header", "field"] as const;
const place = z.strictObject({ from: z.enum(placeKinds), path: z.string().trim().min(1).max(200) });
export type Place = z.output<typeof place>;

const answer = z.strictObject({
  /** 200, 201-204, … of answers that may be an acceptance. */
  statuses: z
    .string()
    .trim()
    .max(100)
    .regex(
      /^[1-5]\d\d(?:-[1-5]\d\d)?(?:\s*,\s*[1-5]\d\d(?:-[1-5]\d\d)?)*$/,
      "Use status codes such as 200, 201-204, divided by commas.",
    )
    .default("200-299"),
  /** What else an acceptance says: one of the values in this place. */
  success: place.extend({ values: z.array(z.string().trim().min(1).max(80)).min(1).max(20) }).optional(),
  /** The partner's id. */
  id: place.optional(),
  /** The partner's error code. */
  error: place.optional(),
});

/** What a partner's word for a state means; the words of SMPP need no line. */
export const receiptMeanings = ["delivered", "undelivered", "expired", "rejected", "on_its_way"] as const;
const states = z
  .array(z.strictObject({ value: z.string().trim().min(1).max(80), means: z.enum(receiptMeanings) }))
  .max(mostStates)
  .default([]);

const receiptFields = {
  /** carrier: receipts name the id of the answer. ours: the {id} of the request. */
  idIs: z.enum(["carrier", "ours"]).default("carrier"),
  status: place.optional(),
  error: place.optional(),
  states,
};
const receipts = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("callback"),
    ...receiptFields,
    id: place.optional(),
    /** The handset's number, where the partner says it. */
    to: place.optional(),
    /** A JSON pointer, or the path of an XML element that repeats: several receipts in one call. */
    list: z.string().trim().max(200).optional(),
    /** Addresses or CIDR ranges that may call; empty = any address. */
    allowedIps: z.array(ipRange).max(50).default([]),
    /** What the partner expects to hear. */
    answerStatus: z.number().int().min(200).max(299).default(200),
    answerType: z
      .string()
      .trim()
      .max(80)
      .regex(/^[\w.+-]+\/[\w.+-]+(?:;\s*charset=[\w-]+)?$/, "Use a media type such as text/plain.")
      .default("text/plain"),
    answerBody: z.string().max(1_000).default("OK"),
  }),
  z.strictObject({
    kind: z.literal("poll"),
    ...receiptFields,
    ...requestFields,
    /** Until the first question; each later one waits half as long again, at most an hour. */
    everySeconds: z.number().int().min(5).max(3_600).default(60),
    attempts: z.number().int().min(1).max(100).default(20),
  }),
]);

export const httpDescription = z
  .strictObject({ ...requestFields, auth, answer, receipts })
  .superRefine((whole, context) => {
    const wrong = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    checkRequest(whole, [], messagePlaceholders, wrong);
    if (whole.receipts.kind === "poll") checkRequest(whole.receipts, ["receipts"], pollPlaceholders, wrong);
    const { kind, user, name, tokenUrl } = whole.auth;
    if ((kind === "basic" || kind === "oauth") && user === "") wrong(["auth", "user"], "Say who you are there.");
    if ((kind === "header" || kind === "query") && name === "") wrong(["auth", "name"], "Say what it is called.");
    if (kind === "header" && reservedHeaders.test(name))
      wrong(["auth", "name"], "This header is set by the connection itself.");
    if (kind === "oauth" && tokenUrl === "") wrong(["auth", "tokenUrl"], "Say where the token comes from.");
    if (unknownPlaceholders(tokenUrl, new Set()).length > 0)
      wrong(["auth", "tokenUrl"], "This address takes no placeholders.");
    const { answer, receipts } = whole;
    for (const part of ["success", "id", "error"] as const) {
      if (answer[part]?.from === "field")
        wrong(["answer", part, "from"], "An answer has no fields: choose another place.");
    }
    if (receipts.kind === "none") return;
    if (!receipts.status) wrong(["receipts", "status", "path"], "Say where the state stands.");
    if (receipts.kind === "callback" && !receipts.id) wrong(["receipts", "id", "path"], "Say where the id stands.");
    if (receipts.idIs === "carrier" && !answer.id)
      wrong(["answer", "id", "path"], "Say where the partner's id stands: receipts are matched by it.");
  });
export type HttpDescription = z.output<typeof httpDescription>;
export type HttpDescriptionInput = z.input<typeof httpDescription>;
export type HttpTemplate = Pick<HttpDescription, "method" | "url" | "headers" | "bodyKind" | "body">;

type Wrong = (path: (string | number)[], message: string) => void;

function checkRequest(
  { method, url, headers, bodyKind, body }: HttpTemplate,
  at: (string | number)[],
  known: ReadonlySet<string>,
  wrong: Wrong,
): void {
  const strange = (text: string) => unknownPlaceholders(text, known).length > 0;
  const message = "There is a placeholder that does not exist.";
  if (strange(url)) wrong([...at, "url"], message);
  for (const [index, header] of headers.entries()) {
    if (strange(header.value)) wrong([...at, "headers", index, "value"], message);
  }
  if (bodyKind !== "none" && strange(body)) wrong([...at, "body"], message);
  if (bodyKind === "json" && !isJson(body, known)) wrong([...at, "body"], "This is no JSON.");
  if (method === "GET" && bodyKind !== "none") wrong([...at, "bodyKind"], "A GET request has no body.");
}

/** Every value is escaped for its place, so what holds for one text holds for all. */
function isJson(body: string, known: ReadonlySet<string>): boolean {
  try {
    JSON.parse(render(body, Object.fromEntries([...known].map((name) => [name, "1"])), "json"));
    return true;
  } catch {
    return false;
  }
}
