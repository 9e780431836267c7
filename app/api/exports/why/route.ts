/** The story of a message as a JSON file; the query's `id` is any id. */
import { answerAs, queryOf } from "#app/api/http-answer.ts";
import { askWhy } from "#server/domain/messages/input.ts";
import { why } from "#server/domain/messages/why.ts";
import { parse } from "#server/kernel/parse.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const answer = await why(ctx, parse(askWhy, queryOf(request)));
    // Amounts are micro-units of their currency: exact, and too large for a JSON number.
    const body = JSON.stringify(answer, (_, value) => (typeof value === "bigint" ? value.toString() : value), 1);
    return new Response(`${body}\n`, {
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-disposition": `attachment; filename="why-${answer.story?.id ?? "matches"}.json"`,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
  });
}
