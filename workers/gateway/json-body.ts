/** The parser of JSON bodies: strict about what it reads, and the only one. */
import { errorCodes, type FastifyInstance } from "fastify";
import { jsonText } from "#server/kernel/json-text.ts";

export function readJsonStrictly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const type = request.headers["content-type"] ?? "";
    const read = jsonText(body as Buffer, type);
    if ("text" in read) return parse(request, read.text, done);
    const { FST_ERR_CTP_INVALID_MEDIA_TYPE: Type, FST_ERR_CTP_INVALID_JSON_BODY: Body } = errorCodes;
    return done(read.wrong === "charset" ? new Type(type) : new Body(), undefined);
  });
}
