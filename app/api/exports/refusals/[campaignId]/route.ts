/** The recipients that a campaign could not send to, as CSV. */
import { answerAs, csvAnswer } from "#app/api/http-answer.ts";
import { exportRefusals } from "#server/domain/campaigns/refusals.ts";

export const dynamic = "force-dynamic";

type Params = { params: Promise<{ campaignId: string }> };

export async function GET(request: Request, { params }: Params): Promise<Response> {
  const { campaignId: id } = await params;
  return answerAs(request, (ctx) => csvAnswer(`refused-${id.slice(-8)}.csv`, exportRefusals(ctx, { id })));
}
