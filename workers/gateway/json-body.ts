/** Reads JSON bodies: within their limit, strict about what they are, and the only way in for JSON. */
import type { IncomingMessage } from "node:http";
import { errorCodes } from "fastify";
import { jsonText } from "#server/kernel/json-text.ts";
import { isTooSlow } from "#workers/gateway/arrivals.ts";

const {
  FST_ERR_CTP_BODY_TOO_LARGE: TooLarge,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: BrokenOff,
  FST_ERR_CTP_INVALID_JSON_BODY: NoJson,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: OtherType,
} = errorCodes;

const isJson = /^\s*application\/json\s*(?:;|$)/i;

/**
 * Undefined for a request that has no body.
 * @throws the framework's errors: too large, of another type, no JSON in UTF-8, broken off; too slow
 */
export function readJson(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const { "content-type": type, "content-length": length, "transfer-encoding": coding } = request.headers;
  if (type === undefined && coding === undefined && Number(length ?? 0) === 0) return Promise.resolve(undefined);
  if (type === undefined || !isJson.test(type)) throw new OtherType(type ?? "");
  if (Number(length) > limitBytes) throw new TooLarge();
  // While its sender was looked up, it may have gone: then nothing more is ever heard.
  if (request.destroyed) throw new BrokenOff();
  return new Promise((resolve, reject) => {
    let pieces: Buffer[] = [];
    let size = 0;
    request.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size <= limitBytes) return void pieces.push(piece);
      pieces = [];
      reject(new TooLarge());
    });
    request.on("error", (error) => reject(isTooSlow(error) ? error : new BrokenOff()));
    request.on("end", () => {
      const [only] = pieces;
      const bytes = pieces.length === 1 && only ? only : Buffer.concat(pieces);
      try {
        resolve(parsed(bytes, type));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function parsed(bytes: Buffer, type: string): unknown {
  const read = jsonText(bytes, type);
  if (!("text" in read)) throw read.wrong === "charset" ? new OtherType(type) : new NoJson();
  try {
    return JSON.parse(read.text);
  } catch {
    throw new NoJson();
  }
}
