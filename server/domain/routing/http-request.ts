/** Makes the request of a message, or of the question for its receipt, out of a partner's description. Pure, also for previews. */
import type { HttpDescription, HttpTemplate } from "#server/domain/routing/http-description.ts";
import { render, renderUrl, type TemplateValues } from "#server/domain/routing/http-template.ts";

export type HttpRequest = {
  method: HttpDescription["method"];
  url: string;
  /** Names in small letters. */
  headers: Record<string, string>;
  body: string | null;
};

/** @property token what the partner's token address gave, for oauth */
export type Credentials = { secret: string; token?: string };

const contentTypes = {
  form: "application/x-www-form-urlencoded",
  json: "application/json",
  xml: "application/xml; charset=utf-8",
  text: "text/plain; charset=utf-8",
} as const;

/** Some partners turn away who has none; a header of the description replaces it. */
const userAgent = "sms-connector/1.0";

/** @param values from messageValues or pollValues; {user} and {secret} are added here */
export function buildRequest(
  template: HttpTemplate,
  auth: HttpDescription["auth"],
  given: TemplateValues,
  { secret, token = "" }: Credentials,
): HttpRequest {
  const values = { ...given, user: auth.user, secret };
  const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "identity", "user-agent": userAgent };
  const { bodyKind } = template;
  if (bodyKind !== "none") headers["content-type"] = contentTypes[bodyKind];
  for (const { name, value } of template.headers) headers[name.toLowerCase()] = render(value, values, "header");
  let url = renderUrl(template.url, values);
  if (auth.kind === "basic") headers.authorization = `Basic ${base64(`${auth.user}:${secret}`)}`;
  if (auth.kind === "bearer") headers.authorization = `Bearer ${secret}`;
  if (auth.kind === "oauth") headers.authorization = `Bearer ${token}`;
  if (auth.kind === "header") headers[auth.name.toLowerCase()] = secret;
  if (auth.kind === "query") {
    url += `${url.includes("?") ? "&" : "?"}${auth.name}=${render("{secret}", values, "query")}`;
  }
  const body = bodyKind === "none" ? null : render(template.body, values, bodyKind);
  return { method: template.method, url, headers, body };
}

export type MessageToSend = {
  id: string;
  msisdn: string;
  sender: string;
  text: string;
  encoding: "gsm7" | "ucs2";
  parts: number;
  trafficClass: "otp" | "transactional" | "bulk";
  validUntil: Date;
};

/** The values of a message's placeholders, docs/carriers.md. */
export function messageValues(message: MessageToSend, nowMs: number): TemplateValues {
  const seconds = Math.max(1, Math.floor((message.validUntil.getTime() - nowMs) / 1_000));
  const isUnicode = message.encoding === "ucs2";
  return {
    id: message.id,
    to: message.msisdn,
    from: message.sender,
    text: message.text,
    text_hex: utf16Hex(message.text),
    encoding: message.encoding,
    unicode: isUnicode ? "1" : "0",
    // SMPP 3.4 section 5.2.19, which many HTTP interfaces took over.
    data_coding: isUnicode ? "8" : "0",
    // Kannel's sendsms, which others took over, too.
    coding: isUnicode ? "2" : "0",
    parts: String(message.parts),
    class: message.trafficClass,
    validity: String(Math.max(1, Math.floor(seconds / 60))),
    validity_seconds: String(seconds),
    valid_until: message.validUntil.toISOString().replace(/\.\d+Z$/, "Z"),
    timestamp: String(Math.floor(nowMs / 1_000)),
  };
}

export const pollValues = (poll: { messageId: string; carrierId: string }, nowMs: number): TemplateValues => ({
  id: poll.messageId,
  carrier_id: poll.carrierId,
  timestamp: String(Math.floor(nowMs / 1_000)),
});

/** UTF-16, big endian, in capital hex digits. */
function utf16Hex(text: string): string {
  let hex = "";
  for (let index = 0; index < text.length; index += 1) hex += text.charCodeAt(index).toString(16).padStart(4, "0");
  return hex.toUpperCase();
}

/** Of text in UTF-8, in browsers too. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** What stands for a secret wherever people look. */
export const maskedSecret = "••••••";

/** What of an account must not be shown; nothing where there is no secret. */
export const secretsOf = (user: string, secret: string): string[] =>
  secret === "" ? [] : [secret, `${user}:${secret}`];

/** Takes secrets out of a text, in every form in which a request or a partner's answer may carry them. */
export function secretMasker(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret !== "")
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      render("{s}", { s: secret }, "query"),
      render("{s}", { s: secret }, "form"),
      render("{s}", { s: secret }, "xml"),
      render('"{s}"', { s: secret }, "json").slice(1, -1),
      base64(secret),
    ]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, form) => masked.replaceAll(form, maskedSecret), text);
}

/** As it goes over the wire, for people: the request line, the headers, the body. */
export function requestText({ method, url, headers, body }: HttpRequest): string {
  return exchangeText(`${method} ${url}`, headers, body ?? "");
}

export function exchangeText(first: string, headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [first, ...lines, ...(body === "" ? [] : ["", body])].join("\n");
}
