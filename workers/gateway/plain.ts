/** The dialect of old gateways: fields in a query or a form, and an answer of plain lines. */
import { errorCodes } from "fastify";
import type { Dialect } from "#workers/gateway/dialect.ts";
import { charsetNamed, type FormFields, readForm } from "#workers/gateway/form-fields.ts";

/** One message's line. `rest` follows the id or the code. */
export type PlainLine = { status: "queued" | "review" | "refused"; to: string; idOrCode: string; rest: string };

export const plain: Dialect = {
  reads: ["application/x-www-form-urlencoded"],
  readsHint: "Send the fields in the query, or as application/x-www-form-urlencoded in a charset that the API reads.",
  readBody(bytes, contentType): FormFields {
    const named = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
    const charset = named === undefined ? undefined : charsetNamed(named);
    if (charset === null) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(contentType);
    return readForm(bytes, charset);
  },
  readQuery: (bytes): FormFields => readForm(bytes),
  keyIn(read) {
    const values = (read as FormFields | undefined)?.values;
    const key = values?.get("key") ?? values?.get("password");
    return key?.toString("utf8").trim() || undefined;
  },
  writes: "text/plain; charset=utf-8",
  answer(body) {
    const lines = body as PlainLine[];
    const isAllRefused = lines.every((line) => line.status === "refused");
    return { text: lines.map(lineOf).join(""), ...(isAllRefused ? { status: 422 } : {}) };
  },
  problem: ({ code, detail }) => `error ${code} ${oneLine(detail)}\n`,
};

const lineOf = ({ status, to, idOrCode, rest }: PlainLine): string =>
  `${status} ${oneWord(to)} ${idOrCode} ${oneLine(rest)}\n`;

/** The recipient as it was given may be anything: it must not look like another column or line. */
const oneWord = (text: string): string => text.replace(/[^\x21-\x7e]/gu, "?") || "-";
const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, " ").trim();
