/** Templates with {placeholders}: every value is escaped for the very place it stands in, so that no text becomes structure. Pure. */

export type TemplateValues = Readonly<Record<string, string>>;
/** query: also of forms. path: of the address. */
export type TemplateContext = "path" | "query" | "form" | "json" | "xml" | "text" | "header";

const common = ["id", "user", "secret", "timestamp"];
/** What a message's request may name. */
export const messagePlaceholders: ReadonlySet<string> = new Set([
  ...common,
  "to",
  "from",
  "text",
  "text_hex",
  "encoding",
  "unicode",
  "data_coding",
  "coding",
  "parts",
  "class",
  "validity",
  "validity_seconds",
  "valid_until",
]);
/** What the question for a receipt may name. */
export const pollPlaceholders: ReadonlySet<string> = new Set([...common, "carrier_id"]);
/** Digits only: in JSON they may stand without quotes, as numbers. */
const numeric = new Set([
  "to",
  "unicode",
  "data_coding",
  "coding",
  "parts",
  "validity",
  "validity_seconds",
  "timestamp",
]);

const placeholder = /\{([a-z_]+)\}/g;

/** Names that are not in `known`. */
export const unknownPlaceholders = (template: string, known: ReadonlySet<string>): string[] =>
  [...template.matchAll(placeholder)].flatMap(([, name = ""]) => (known.has(name) ? [] : [name]));

export function render(template: string, values: TemplateValues, context: TemplateContext): string {
  if (context === "json") return renderJson(template, values);
  const escaped = escapes[context];
  return template.replaceAll(placeholder, (_, name: string) => escaped(textOf(values, name)));
}

/** Half a surrogate pair is no text, and some escapes would throw at it. */
const textOf = (values: TemplateValues, name: string): string =>
  (values[name] ?? "").replaceAll(/\p{Surrogate}/gu, "\ufffd");

/** The part before the question mark and the part behind it have rules of their own. */
export function renderUrl(template: string, values: TemplateValues): string {
  const at = template.indexOf("?");
  if (at < 0) return render(template, values, "path");
  return `${render(template.slice(0, at), values, "path")}?${render(template.slice(at + 1), values, "query")}`;
}

/** RFC 3986: nothing but unreserved characters stays as it is. */
const percent = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

const xmlSigns: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
/** XML 1.0 section 2.2 has no place for the others, not even escaped. */
const notInXml = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const escapes: Record<Exclude<TemplateContext, "json">, (text: string) => string> = {
  // A segment of dots is no segment: it would lead elsewhere, written plainly or escaped once.
  path: (text) => (/^\.{1,2}$/.test(text) ? text.replaceAll(".", "%252E") : percent(text)),
  query: percent,
  form: (text) => percent(text).replaceAll("%20", "+"),
  xml: (text) =>
    text

      .replaceAll(notInXml, " ")
      .replaceAll(/[&<>"']/g, (sign) => xmlSigns[sign] ?? "")
      // As references, so that no reader makes spaces of them.
      .replaceAll(/[\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`),
  // Plain text has no escapes, so a value must not begin a line of its own.
  text: (text) => text.replaceAll(/\p{Cc}+|[\u2028\u2029]/gu, " "),
  header: (text) => text.replaceAll(/[^\x20-\x7e]/gu, percent),
};

/** Inside quotes a value is a part of the string; outside of them it is a number where it can be one, else a string. */
function renderJson(template: string, values: TemplateValues): string {
  const here = new RegExp(placeholder, "y");
  let isInString = false;
  let out = "";
  for (let index = 0; index < template.length; index += 1) {
    const sign = template[index] ?? "";
    here.lastIndex = index;
    const found = sign === "{" ? here.exec(template) : null;
    if (found) {
      const [whole, name = ""] = found;
      out += jsonValue(name, textOf(values, name), isInString);
      index += whole.length - 1;
      continue;
    }
    if (sign === '"' && !isEscaped(template, index)) isInString = !isInString;
    out += sign;
  }
  return out;
}

function isEscaped(template: string, index: number): boolean {
  let slashes = 0;
  while (template[index - 1 - slashes] === "\\") slashes += 1;
  return slashes % 2 === 1;
}

function jsonValue(name: string, value: string, isInString: boolean): string {
  const quoted = JSON.stringify(value);
  if (isInString) return quoted.slice(1, -1);
  return numeric.has(name) && /^(?:0|[1-9]\d{0,14})$/.test(value) ? value : quoted;
}
