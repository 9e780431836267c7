/** Takes messages back that no worker has picked up yet: they end as cancelled and cost nothing. */
import { type CancelMessages, cancelMessages as schema } from "#server/domain/messages/input.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type CancelResult = {
  cancelled: number;
  /** Still in the queue, those that a worker has in its hands included. */
  remaining: number;
};

/**
 * One bounded step, of a campaign or of named messages, in the actor's subtree. What is outside it counts as not there.
 * Messages that a worker holds are left to it. Call again while both figures are above zero.
 */
export async function cancelMessages(ctx: Context, input: CancelMessages): Promise<CancelResult> {
  allow(ctx, "messages.send");
  const { campaignId = null, ids = null, limit } = parse(schema, input);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const queued = await lockQueued(ctx, campaignId, ids, limit);
      const results = await applyTransitions(
        ctx,
        queued.map((messageId) => ({
          messageId,
          status: "cancelled",
          event: { kind: "final", detail: { reason: "cancelled" } },
        })),
      );
      const cancelled = results.filter((result) => result.changed).map((result) => result.messageId);
      await ctx.tx.sql`delete from send_queue where message_id = any(${cancelled}::uuid[])`;
      if (cancelled.length > 0) {
        await audit(ctx, {
          action: "messages.cancel",
          subjectType: campaignId ? "campaign" : "message",
          subjectId: campaignId ?? cancelled[0] ?? "",
          detail: { count: cancelled.length },
        });
      }
      return { cancelled: cancelled.length, remaining: await countQueued(ctx, campaignId, ids) };
    }),
  );
}

/** By campaign, by id, or both; one of them must be given (the schema sees to it). */
const wanted = (ctx: InTx, campaignId: string | null, ids: string[] | null) => ctx.tx.sql`
  ${campaignId ? ctx.tx.sql`q.campaign_id = ${campaignId}` : ctx.tx.sql`true`}
  and ${ids ? ctx.tx.sql`q.message_id = any(${ids}::uuid[])` : ctx.tx.sql`true`}
  and q.tenant_id in (select id from tenants where ancestors @> array[${ctx.tenantId}::uuid])`;

async function lockQueued(ctx: InTx, campaignId: string | null, ids: string[] | null, limit: number) {
  const rows = await ctx.tx.sql<{ id: string }[]>`
    select q.message_id as id from send_queue q
    where ${wanted(ctx, campaignId, ids)} and q.lease_owner is null
    order by q.message_id limit ${limit} for update of q skip locked`;
  return rows.map((row) => row.id);
}

async function countQueued(ctx: InTx, campaignId: string | null, ids: string[] | null): Promise<number> {
  const [row] = await ctx.tx.sql<{ n: number }[]>`
    select count(*)::int as n from send_queue q where ${wanted(ctx, campaignId, ids)}`;
  return row?.n ?? 0;
}
