/** JSON bodies, read strictly: what is not UTF-8 is refused, because its text would be sent, and charged, as something else. */
import { errorCodes, type FastifyInstance } from "fastify";

/** RFC 8259 section 8.1 knows UTF-8 only; the others are names of it or parts of it. */
const readable = new Set(["utf-8", "utf8", "us-ascii"]);

export function readJsonStrictly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const type = request.headers["content-type"] ?? "";
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1];
    if (charset && !readable.has(charset.toLowerCase())) {
      return done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type), undefined);
    }
    const text = decoded(body as Buffer);
    if (text === null) return done(new errorCodes.FST_ERR_CTP_INVALID_JSON_BODY(), undefined);
    parse(request, text, done);
  });
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
