/** The rejected rows of a list as CSV. */
import { answerAs, csvAnswer } from "#app/api/http-answer.ts";
import { exportRejectedRows } from "#server/domain/contacts/export-rejected.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ listId: string }> }): Promise<Response> {
  const { listId: id } = await params;
  return answerAs(request, (ctx) => csvAnswer(`rejected-${id.slice(-8)}.csv`, exportRejectedRows(ctx, { id })));
}
