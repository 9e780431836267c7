/** Reads what a partner writes, whatever it is: bytes to text, and one value out of JSON, XML, a form or plain text. Bounded. */
import { RE2JS } from "re2js";
import { SaxesParser } from "saxes";
import type { Place } from "#server/domain/routing/http-description.ts";

export type HttpBody = {
  contentType: string;
  /** Names in small letters. */
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array;
  /** Of the address that was called; empty for an answer. */
  query?: string;
};

/** Nobody's id, state or code is longer. */
const longestValue = 200;
const deepestXml = 32;
const mostXmlNodes = 20_000;

/** Everything is read at most once, and only when a place asks for it. Nothing throws: what cannot be read holds nothing. */
export class BodyReader {
  private textRead: string | undefined;
  private jsonRead: { value: unknown } | undefined;
  private xmlRead: { root: XmlNode | null } | undefined;
  private fieldsRead: URLSearchParams | undefined;

  constructor(private readonly body: HttpBody) {}

  get text(): string {
    this.textRead ??= decodeText(this.body.bytes, this.body.contentType);
    return this.textRead;
  }

  /** @returns null when there is nothing there, or nothing that is one value of at most so many characters */
  read(place: Place, longest = longestValue): string | null {
    const text = plain(this.valueAt(place));
    return text !== null && text.length <= longest ? text : null;
  }

  private valueAt({ from, path }: Place): unknown {
    if (from === "json") return pointed(this.json, path);
    if (from === "xml") return this.xml ? xmlValue(this.xml, path) : null;
    if (from === "header") return this.body.headers[path.toLowerCase()];
    if (from === "field") return this.fields.get(path);
    return firstGroup(path, this.text);
  }

  /** The parts of a list, each a reader of its own; this one when there is no list. */
  list(place: "json" | "xml", path: string | undefined, most: number): BodyReader[] {
    if (path === undefined) return [this];
    if (place === "xml") {
      const nodes = this.xml ? xmlNodes(this.xml, path.split("/").filter(Boolean)) : [];
      return nodes.slice(0, most).map((node) => this.part({ xmlRead: { root: { ...emptyNode, children: [node] } } }));
    }
    const found = path === "/" ? this.json : pointed(this.json, path);
    const items = Array.isArray(found) ? found.slice(0, most) : [];
    return items.map((value: unknown) => this.part({ jsonRead: { value } }));
  }

  private part(read: { jsonRead?: { value: unknown }; xmlRead?: { root: XmlNode } }): BodyReader {
    const reader = new BodyReader(this.body);
    reader.textRead = "";
    reader.jsonRead = read.jsonRead ?? { value: undefined };
    reader.xmlRead = read.xmlRead ?? { root: null };
    return reader;
  }

  private get json(): unknown {
    this.jsonRead ??= { value: parsedJson(this.text) };
    return this.jsonRead.value;
  }

  private get xml(): XmlNode | null {
    this.xmlRead ??= { root: parsedXml(this.text) };
    return this.xmlRead.root;
  }

  private get fields(): URLSearchParams {
    if (this.fieldsRead) return this.fieldsRead;
    const isForm = /^application\/x-www-form-urlencoded/i.test(this.body.contentType);
    this.fieldsRead = new URLSearchParams(this.body.query ?? "");
    if (isForm) for (const [name, value] of new URLSearchParams(this.text)) this.fieldsRead.append(name, value);
    return this.fieldsRead;
  }
}

/** By the charset that is named, in the type or in an XML declaration; else UTF-8. What is no text becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 100));
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w-]{1,40})["']/.exec(head)?.[1];
  const charset = /;\s*charset\s*=\s*"?([\w-]{1,40})/i.exec(contentType)?.[1] ?? declared ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** One value, without what no id or code has; numbers as JSON wrote them as far as they are exact. */
function plain(value: unknown): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = value.replaceAll(/[\p{Cc}\p{Surrogate}\ufffd]/gu, "").trim();
  return text === "" ? null : text;
}

function parsedJson(text: string): unknown {
  try {
    // Ids beyond 2^53 would lose their last digits: they are read as they are written.
    return JSON.parse(text.replaceAll(/("(?:[^"\\]|\\.)*")|(-?\b\d{16,}\b)(?![.eE])/g, exactNumber));
  } catch {
    return undefined;
  }
}

const exactNumber = (_: string, quoted: string | undefined, digits: string | undefined): string =>
  quoted ?? `"${digits}"`;

/** RFC 6901; names of objects only as their own. */
function pointed(value: unknown, pointer: string): unknown {
  if (!pointer.startsWith("/")) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, step) => {
      if (Array.isArray(at)) return /^\d{1,4}$/.test(step) ? at[Number(step)] : undefined;
      return typeof at === "object" && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined;
    }, value);
}

type XmlNode = { name: string; text: string; attributes: Record<string, string>; children: XmlNode[] };
const emptyNode: XmlNode = { name: "", text: "", attributes: {}, children: [] };

/** Without a document type: nothing is defined, fetched or expanded. */
function parsedXml(text: string): XmlNode | null {
  const root: XmlNode = { name: "", text: "", attributes: {}, children: [] };
  const open = [root];
  let nodes = 0;
  const refuse = (why: string): never => {
    throw new Error(why);
  };
  const parser = new SaxesParser();
  parser.on("doctype", () => refuse("a document type"));
  parser.on("error", (error) => refuse(error.message));
  parser.on("opentag", ({ name, attributes }) => {
    nodes += 1;
    if (nodes > mostXmlNodes || open.length > deepestXml) refuse("too much");
    const node: XmlNode = { name: localName(name), text: "", attributes: {}, children: [] };
    for (const [key, value] of Object.entries(attributes)) node.attributes[localName(key)] = String(value);
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on("closetag", () => void open.pop());
  const addText = (part: string) => {
    const node = open.at(-1);
    if (node) node.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  try {
    parser.write(text.replace(/^\ufeff/, "")).close();
    return root;
  } catch {
    return null;
  }
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

function xmlNodes(root: XmlNode, steps: readonly string[]): XmlNode[] {
  return steps.reduce<XmlNode[]>(
    (at, step) => at.flatMap((node) => node.children.filter((child) => child.name === localName(step))),
    [root],
  );
}

function xmlValue(root: XmlNode, path: string): string | null {
  const steps = path.split("/").filter(Boolean);
  const last = steps.at(-1) ?? "";
  const attribute = last.startsWith("@") ? last.slice(1) : null;
  const [node] = xmlNodes(root, attribute === null ? steps : steps.slice(0, -1));
  if (!node) return null;
  return attribute === null ? node.text : (node.attributes[localName(attribute)] ?? null);
}

const compiled = new Map<string, RE2JS | null>();
const mostCompiled = 500;

/** Linear in the text, whatever the pattern: RE2 does not backtrack. */
function firstGroup(pattern: string, text: string): string | null {
  const matcher = compilePattern(pattern)?.matcher(text);
  if (!matcher?.find()) return null;
  return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group(0);
}

/** @returns null when it is no pattern */
export function compilePattern(pattern: string): RE2JS | null {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (compiled.size >= mostCompiled) compiled.clear();
  let made: RE2JS | null = null;
  try {
    made = RE2JS.compile(pattern, RE2JS.MULTILINE);
  } catch {
    made = null;
  }
  compiled.set(pattern, made);
  return made;
}

/** True for a body template whose placeholders stand in texts and attribute values only, and which is one XML document. */
export function isXmlTemplate(body: string): boolean {
  const mark = "banyanplaceholder";
  const marked = body.replaceAll(/\{[a-z_]+\}/g, mark);
  const root = parsedXml(marked);
  const wanted = marked.split(mark).length - 1;
  return root !== null && root.children.length === 1 && marksIn(root, mark) === wanted;
}

const marksIn = (node: XmlNode, mark: string): number =>
  [node.text, ...Object.values(node.attributes)].reduce((sum, text) => sum + text.split(mark).length - 1, 0) +
  node.children.reduce((sum, child) => sum + marksIn(child, mark), 0);
