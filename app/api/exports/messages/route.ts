/** Messages as CSV; the query holds the filters of the message list. */
import { answerAs, csvAnswer, queryOf } from "#app/api/http-answer.ts";
import { exportMessages } from "#server/domain/messages/export.ts";
import { exportMessages as schema } from "#server/domain/messages/input.ts";
import { parse } from "#server/kernel/parse.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const filters = parse(schema, queryOf(request, ["status"]));
    return csvAnswer("messages.csv", exportMessages(ctx, filters));
  });
}
