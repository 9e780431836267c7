/** XML read strictly and in slices: no DOCTYPE, no entities but the five, bounded attributes, and others' requests go on between. */
import { setImmediate } from "node:timers/promises";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import { type DomainError, invalidInput } from "#server/kernel/errors.ts";

/** What becomes of the elements. Whatever these throw ends the reading at once. */
export type XmlReader = {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  /** Character data, CDATA with it, in pieces. */
  text(text: string): void;
  close(): void;
};

/** A few milliseconds of work; then whoever waits is served. */
const sliceLength = 64 * 1024;
const maxAttributes = 16;
/** More than any start tag, name or reference of ours needs: a longer one is refused before it is kept whole. */
const maxTagLength = 4 * 1024;

/**
 * The declaration may name UTF-8, or ASCII, which is a part of it.
 * @throws invalid_input `malformed_xml`, `doctype_refused`, and what the reader throws
 */
export async function readXml(bytes: Buffer, reader: XmlReader): Promise<void> {
  const text = utf8(bytes);
  // Before a parser sees it: what it would do with one is nobody's concern then.
  if (hasDoctype(text)) {
    throw invalidInput("doctype_refused", "Leave out the DOCTYPE: documents with one are not read.");
  }
  const watched = watchedParser(reader);
  for (let from = 0; from < text.length; from += sliceLength) {
    if (from > 0) await setImmediate();
    watched.write(text.slice(from, from + sliceLength));
  }
  watched.close();
}

function watchedParser(reader: XmlReader) {
  const parser = new SaxesParser({ xmlns: false });
  let tagFrom: number | null = null;
  let attributes = 0;
  parser.on("error", (error) => {
    throw malformed(error.message);
  });
  parser.on("doctype", () => {
    throw invalidInput("doctype_refused", "Leave out the DOCTYPE: documents with one are not read.");
  });
  parser.on("xmldecl", ({ encoding }) => {
    if (encoding && !/^(?:utf-8|us-ascii)$/i.test(encoding)) throw malformed("the encoding is to be UTF-8.");
  });
  parser.on("opentagstart", () => {
    tagFrom = parser.position;
    attributes = 0;
  });
  parser.on("attribute", () => {
    attributes += 1;
    if (attributes > maxAttributes) throw malformed("an element has too many attributes.");
  });
  parser.on("opentag", (tag: SaxesTagPlain) => {
    tagFrom = null;
    reader.open(tag.name, tag.attributes);
  });
  parser.on("text", (text) => reader.text(text));
  parser.on("cdata", (text) => reader.text(text));
  parser.on("closetag", () => reader.close());
  return {
    write(slice: string) {
      parser.write(slice);
      if (tagFrom !== null && parser.position - tagFrom > maxTagLength) throw malformed("a tag is too long.");
    },
    close: () => parser.close(),
  };
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw malformed("the bytes are no UTF-8.");
  }
}

const whitespace = /\s*/y;

/** Looks at what stands before the first element, in one pass: nowhere else may there be one (XML 1.0, section 2.8). */
function hasDoctype(text: string): boolean {
  let at = 0;
  for (;;) {
    whitespace.lastIndex = at;
    whitespace.test(text);
    at = whitespace.lastIndex;
    const end = text.startsWith("<?", at) ? "?>" : text.startsWith("<!--", at) ? "-->" : null;
    if (end === null) return text.startsWith("<!", at);
    const found = text.indexOf(end, at + 2);
    if (found < 0) return false;
    at = found + end.length;
  }
}

const malformed = (detail: string): DomainError =>
  invalidInput("malformed_xml", `The body is no well-formed XML: ${detail}`);

/** Of text and of attributes. What XML cannot carry is shown as a question mark. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "?")
    .replace(/[<>&"'\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`);
