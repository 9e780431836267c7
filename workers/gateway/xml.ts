/** The XML dialect: a `send` document comes in, a `messages` or an `error` document goes out. docs/api/xml.md shows them. */
import { errorCodes } from "fastify";
import type { z } from "zod";
import { maxItems } from "#server/domain/messages/input.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import type { sentMessage } from "#workers/gateway/bodies.ts";
import type { Dialect } from "#workers/gateway/dialect.ts";
import { escapeXml, readXml, type XmlReader } from "#workers/gateway/xml-document.ts";

export type SendDocument = { attributes: Readonly<Record<string, string>>; messages: Record<string, string>[] };

/** Of a message. `to` may be repeated: one text to many. */
const fields = ["sender", "to", "text", "class", "reference", "validity", "receipt"];
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A document of ours has three levels, so nothing is kept of one that is deeper. */
class SendReader implements XmlReader {
  readonly messages: Record<string, string>[] = [];
  attributes: Readonly<Record<string, string>> = {};
  private depth = 0;
  private field = "";
  private pieces: string[] = [];
  private message: Record<string, string> = {};
  private recipients: string[] = [];

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    const expected = [["send"], ["message"], fields][this.depth];
    if (!expected?.includes(name)) throw this.wrong(`an element <${name}> is not expected here`);
    this.depth += 1;
    if (this.depth === 1) {
      this.attributes = attributes;
      return;
    }
    if (Object.keys(attributes).length > 0) throw this.wrong(`<${name}> takes no attributes`);
    if (this.depth === 2) {
      this.message = {};
      this.recipients = [];
    } else {
      if (name !== "to" && Object.hasOwn(this.message, name)) throw this.wrong(`<${name}> is given twice`);
      this.field = name;
      this.pieces = [];
    }
  }

  text(text: string): void {
    if (this.depth === 3) this.pieces.push(text);
    else if (text.trim() !== "") throw this.wrong("text stands outside the elements of a message");
  }

  close(): void {
    if (this.depth === 3) this.closeField();
    else if (this.depth === 2) this.closeMessage();
    this.depth -= 1;
  }

  private closeField(): void {
    const text = this.pieces.join("");
    if (this.field === "text") this.message.text = text;
    else if (this.field === "to") this.recipients.push(text.trim());
    else this.message[this.field] = text.trim();
    if (this.messages.length + this.recipients.length > maxItems) throw this.wrong(`at most ${maxItems} messages`);
  }

  private closeMessage(): void {
    if (this.recipients.length === 0) throw this.wrong("<to> is missing");
    for (const to of this.recipients) this.messages.push({ ...this.message, to });
  }

  private wrong(detail: string) {
    const field = this.depth === 0 ? "" : `messages.${this.messages.length}`;
    return invalidInput("invalid_input", field ? `${field}: ${detail}.` : `${detail}.`, field ? { field } : {});
  }
}

/** As the JSON API answers; the prices of a dry run become a cost. */
export type XmlAnswer = (Pick<z.output<typeof sentMessage>, "id" | "to" | "status" | "parts" | "error" | "encoding"> & {
  operator?: string | null;
  cost?: { amount: string; currency: string };
})[];

export const xml: Dialect = {
  reads: ["application/xml", "text/xml"],
  readsHint: "Send the body as application/xml in UTF-8, not compressed.",
  async readBody(bytes, contentType): Promise<SendDocument> {
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
    if (charset && !/^(?:utf-?8|us-ascii)$/i.test(charset)) {
      throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(contentType);
    }
    const reader = new SendReader();
    await readXml(bytes, reader);
    return { attributes: reader.attributes, messages: reader.messages };
  },
  writes: "application/xml; charset=utf-8",
  answer: (body) => ({ text: `${declaration}<messages>\n${(body as XmlAnswer).map(messageOf).join("")}</messages>\n` }),
  problem: ({ status, code, requestId, field, detail }) =>
    `${declaration}<error${attributesOf({ status, code, field, "request-id": requestId })}>${escapeXml(detail)}</error>\n`,
};

function messageOf({ id, to, status, parts, error, encoding, operator, cost }: XmlAnswer[number]): string {
  const priced = { encoding, operator, cost: cost?.amount, currency: cost?.currency };
  const start = `  <message${attributesOf({ id, to, status, parts: error ? undefined : parts, ...priced })}`;
  if (!error) return `${start}/>\n`;
  return `${start}><error${attributesOf({ code: error.code })}>${escapeXml(error.message)}</error></message>\n`;
}

const attributesOf = (all: Record<string, string | number | null | undefined>): string =>
  Object.entries(all)
    .map(([name, value]) => (value === undefined || value === null ? "" : ` ${name}="${escapeXml(String(value))}"`))
    .join("");
