/** Carries out a moderators' decision on a batch, in bounded steps: release what waits, or reject it and give it back. */
import { type BatchStep, batchStep } from "#server/domain/messages/input.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { notifyWorkers } from "#server/domain/messages/write-batch.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

export type StepResult = { changed: number; remaining: number };

/**
 * For the job that follows the decision: call it again while `remaining` is not zero. The time that a message waited
 * for the decision is added to its validity.
 * @throws forbidden for anybody but a job
 */
export function releaseBatch(ctx: Context, input: BatchStep): Promise<StepResult> {
  return step(ctx, input, async (ctx, ids) => {
    const results = await applyTransitions(
      ctx,
      ids.map((messageId) => ({ messageId, status: "queued", event: { kind: "released", detail: {} } })),
    );
    const changed = results.filter((result) => result.changed).map((result) => result.messageId);
    const now = ctx.clock.now();
    await ctx.tx.sql`
      update messages set valid_until = valid_until + (${now}::timestamptz - created_at)
      where id = any(${changed}::uuid[]) and id between ${changed[0] ?? ""}::uuid and ${changed.at(-1) ?? ""}::uuid`;
    const rows = await ctx.tx.sql<{ connectorId: string }[]>`
      update send_queue q set is_held = false, ready_at = greatest(q.ready_at, ${now}), valid_until = m.valid_until
      from messages m
      where q.message_id = any(${changed}::uuid[]) and m.id = q.message_id
        and m.id between ${changed[0] ?? ""}::uuid and ${changed.at(-1) ?? ""}::uuid
      returning q.connector_id as "connectorId"`;
    notifyWorkers(
      ctx,
      rows.map((row) => row.connectorId),
    );
    return changed.length;
  });
}

/** As releaseBatch; the messages end as rejected, and what they held is given back at every hop. */
export function rejectBatch(ctx: Context, input: BatchStep): Promise<StepResult> {
  return step(ctx, input, async (ctx, ids) => {
    const results = await applyTransitions(
      ctx,
      ids.map((messageId) => ({
        messageId,
        status: "rejected",
        errorCode: "content_rejected",
        event: { kind: "final", detail: { reason: "content_rejected" } },
      })),
    );
    const changed = results.filter((result) => result.changed).map((result) => result.messageId);
    await ctx.tx.sql`delete from send_queue where message_id = any(${changed}::uuid[])`;
    return changed.length;
  });
}

async function step(
  ctx: Context,
  input: BatchStep,
  change: (ctx: InTx, ids: string[]) => Promise<number>,
): Promise<StepResult> {
  if (ctx.actor.type !== "job") throw forbidden("moderation.decide");
  const { tenantId, batchId, limit } = parse(batchStep, input);
  return retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const waiting = await ctx.tx.sql<{ id: string }[]>`
        select id from messages
        where batch_id = ${batchId} and tenant_id = ${tenantId} and status = 'review' order by id`;
      const ids = waiting.slice(0, limit).map((row) => row.id);
      if (ids.length === 0) return { changed: 0, remaining: 0 };
      // Queue rows before message rows, here as in cancelling: two of them never wait for each other in a ring.
      await ctx.tx.sql`
        select 1 from send_queue where message_id = any(${ids}::uuid[]) order by message_id for update`;
      return { changed: await change(ctx, ids), remaining: waiting.length - ids.length };
    }),
  );
}
