/**
 * Uploads a recipient list: POST the file itself as the body, what it means as the query
 * (?id=&name=&fileName=&phone=column&field=column&field=…&country=VN). Streamed: the list can be read while it grows.
 */
import { answerAs, bodyOf, queryOf } from "#app/api/http-answer.ts";
import { inUploadPlace } from "#app/api/upload-places.ts";
import { importList } from "#server/domain/contacts/import-list.ts";
import { fileLimits, importList as schema } from "#server/domain/contacts/input.ts";
import { parse } from "#server/kernel/parse.ts";

export const dynamic = "force-dynamic";

export function POST(request: Request): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const { phone, field = [], country, ...rest } = queryOf(request, ["field"]);
    const wanted = parse(schema, { ...rest, mapping: { phone, fields: field }, defaultCountry: country });
    const stream = bodyOf(request, fileLimits.bytes);
    const list = await inUploadPlace(ctx, () => importList(ctx, { ...wanted, stream }));
    return Response.json(list, { status: 201 });
  });
}
