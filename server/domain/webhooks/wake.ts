/** Steps of the workflow that looks after a failing endpoint: when to try it next, and the try itself. */
import { allowWorker } from "#server/domain/webhooks/allow-worker.ts";
import { disableEndpoint } from "#server/domain/webhooks/disable.ts";
import { disableAfterMs, wakeMarginMs } from "#server/domain/webhooks/health.ts";
import { announceChange } from "#server/domain/webhooks/news.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";

export type WakeEndpoint = {
  webhookId: string;
  /** When it began to fail: another time means that it recovered in between, which is another run's to follow. */
  since: string;
};
export type NextTry = {
  isFailing: boolean;
  /** Seconds until the next try is due. */
  waitSeconds: number;
};

type Row = { failingSince: Date | null; retryAt: Date | null };

/** For jobs. */
export async function nextTry(ctx: Context, input: WakeEndpoint): Promise<NextTry> {
  allowWorker(ctx);
  return asSystem(ctx, async (ctx) => {
    const row = await failingEndpoint(ctx, input);
    if (!row) return { isFailing: false, waitSeconds: 0 };
    const dueMs = (row.retryAt?.getTime() ?? 0) - wakeMarginMs - ctx.clock.now().getTime();
    return { isFailing: true, waitSeconds: Math.max(1, Math.ceil(dueMs / 1_000)) };
  });
}

/**
 * Lets a worker try it at once; disables it instead when it has failed for five days.
 * @returns whether it is still failing and may be tried
 */
export async function wakeEndpoint(ctx: Context, input: WakeEndpoint): Promise<{ isFailing: boolean }> {
  allowWorker(ctx);
  return asSystem(ctx, async (ctx) => {
    const row = await failingEndpoint(ctx, input);
    if (!row?.failingSince) return { isFailing: false };
    const now = ctx.clock.now();
    if (now.getTime() - row.failingSince.getTime() >= disableAfterMs) {
      await disableEndpoint(ctx, input.webhookId, "failing");
      return { isFailing: false };
    }
    await ctx.tx.sql`
      update webhook_endpoints set retry_at = ${now} where id = ${input.webhookId} and retry_at > ${now}`;
    await announceChange(ctx, input.webhookId);
    return { isFailing: true };
  });
}

async function failingEndpoint(ctx: InTx, { webhookId, since }: WakeEndpoint): Promise<Row | null> {
  const [row] = await ctx.tx.sql<Row[]>`
    select failing_since as "failingSince", retry_at as "retryAt" from webhook_endpoints
    where id = ${webhookId} and failing_since = ${since}::timestamptz and status = 'active' for update`;
  return row ?? null;
}
