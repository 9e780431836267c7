/** A report as CSV; the query holds its filters and what it is grouped by. */
import { answerAs, csvAnswer, queryOf } from "#app/api/http-answer.ts";
import { exportSummary } from "#server/domain/reports/export-summary.ts";
import { summary } from "#server/domain/reports/input.ts";
import { parse } from "#server/kernel/parse.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return answerAs(request, async (ctx) => {
    const filters = parse(summary, queryOf(request));
    return csvAnswer(`report-by-${filters.groupBy}.csv`, exportSummary(ctx, filters));
  });
}
