/** Uploads opt-outs: POST the file itself as the body; ?fileName=&phone=column&defaultCountry=VN. */
import { answerAs, bodyOf, queryOf } from "#app/api/http-answer.ts";
import { inUploadPlace } from "#app/api/upload-places.ts";
import { importOptOuts } from "#server/domain/contacts/import-opt-outs.ts";
import { fileLimits, importOptOuts as schema } from "#server/domain/contacts/input.ts";
import { parse } from "#server/kernel/parse.ts";

export const dynamic = "force-dynamic";

export function POST(request: Request): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const wanted = parse(schema, queryOf(request));
    const stream = bodyOf(request, fileLimits.bytes);
    return Response.json(await inUploadPlace(ctx, () => importOptOuts(ctx, { ...wanted, stream })));
  });
}
