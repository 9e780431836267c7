/** Tells once more: of named messages at once, of a range of time step by step. Receivers know repeats by their ids. */
import { desc, eq } from "drizzle-orm";
import { webhookReplays } from "#db/schema/webhooks.ts";
import { allowWorker } from "#server/domain/webhooks/allow-worker.ts";
import { webhookReplayAsked } from "#server/domain/webhooks/events.ts";
import {
  replayMessages as messagesSchema,
  type ReplayById,
  type ReplayMessages,
  type ReplayRange,
  replayRange as rangeSchema,
  replayById,
  type WebhookById,
  webhookById,
} from "#server/domain/webhooks/input.ts";
import { type MessageEvent, queueDeliveries } from "#server/domain/webhooks/queue-events.ts";
import { endpointInScope, type WebhookEndpoint } from "#server/domain/webhooks/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, notFound } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";
import { parse } from "#server/kernel/parse.ts";

export type Replay = typeof webhookReplays.$inferSelect;

/** Messages of one step. */
const stepSize = 2_000;
const shownReplays = 10;

/**
 * Idempotent by `input.id`. Messages of the endpoint's tenant that were accepted in the range and have ended in a way
 * that it is told of.
 * @throws not_found `webhook_not_found` · conflict `webhook_disabled` · `replay_id_taken` · `replay_running`
 */
export async function replayRange(ctx: Context, input: ReplayRange): Promise<Replay> {
  allow(ctx, "webhooks.write");
  const { id, webhookId, from, to } = parse(rangeSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const endpoint = await openEndpoint(ctx, webhookId);
    const { tenantId } = endpoint;
    const known = await replaysOf(ctx, webhookId);
    const same = known.find((replay) => replay.id === id);
    if (same) return same;
    if (known.some(({ status }) => status === "running")) {
      throw conflict("replay_running", "A replay to this webhook is under way. Wait for its end, or stop it.");
    }
    const [row] = await ctx.tx.db
      .insert(webhookReplays)
      .values({ id, tenantId, endpointId: webhookId, fromAt: from, toAt: to, createdAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning();
    if (!row) throw conflict("replay_id_taken", "This id is in use. Choose a new one.");
    await note(ctx, endpoint, { from, to });
    await emit(ctx, webhookReplayAsked, { replayId: id, tenantId }, tenantId);
    return row;
  });
}

/** @returns how many are told once more; those that have not ended are left out · @throws not_found `webhook_not_found` · conflict `webhook_disabled` */
export async function replayMessages(ctx: Context, input: ReplayMessages): Promise<{ queued: number }> {
  allow(ctx, "webhooks.write");
  const { webhookId, messageIds } = parse(messagesSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const endpoint = await openEndpoint(ctx, webhookId);
    const ids = [...new Set(messageIds)].sort();
    const rows = await ctx.tx.sql<MessageEvent[]>`
      select id, tenant_id as "tenantId", status, error_code as "errorCode", done_at as at from messages
      where id = any(${ids}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
        and tenant_id = ${endpoint.tenantId} and status = any(${statusesOf(endpoint.events)}::text[]) order by id`;
    queueDeliveries(ctx, webhookId, rows);
    await note(ctx, endpoint, { messages: rows.length });
    return { queued: rows.length };
  });
}

/** The last ones, newest first. @throws not_found `webhook_not_found` */
export async function listReplays(ctx: Context, input: WebhookById): Promise<Replay[]> {
  allow(ctx, "webhooks.read");
  const { id } = parse(webhookById, input);
  return inTransaction(ctx, async (ctx) => {
    await endpointInScope(ctx, id);
    return replaysOf(ctx, id);
  });
}

/** What was queued is still sent. A second stop changes nothing. @throws not_found `replay_not_found` */
export async function stopReplay(ctx: Context, input: ReplayById): Promise<Replay> {
  allow(ctx, "webhooks.write");
  const { id } = parse(replayById, input);
  return inTransaction(ctx, async (ctx) => {
    const [replay] = await ctx.tx.db.select().from(webhookReplays).where(eq(webhookReplays.id, id)).for("update");
    if (!replay) throw notFound("replay");
    const endpoint = await endpointInScope(ctx, replay.endpointId).catch(() => {
      throw notFound("replay");
    });
    if (replay.status !== "running") return replay;
    const [row = replay] = await ctx.tx.db
      .update(webhookReplays)
      .set({ status: "stopped", finishedAt: ctx.clock.now() })
      .where(eq(webhookReplays.id, id))
      .returning();
    const { id: subjectId, tenantId } = endpoint;
    await audit(ctx, { action: "webhooks.stop_replay", subjectType: "webhook", subjectId, tenantId });
    return row;
  });
}

/** For the job: one bounded step; call it again until it is done. A step whose answer was lost is not told twice. */
export async function continueReplay(ctx: Context, input: ReplayById): Promise<{ isDone: boolean; queued: number }> {
  allowWorker(ctx);
  const { id } = parse(replayById, input);
  return asSystem(ctx, async (ctx) => {
    const { sql } = ctx.tx;
    const [replay] = await ctx.tx.db.select().from(webhookReplays).where(eq(webhookReplays.id, id)).for("update");
    if (replay?.status !== "running") return { isDone: true, queued: replay?.queued ?? 0 };
    const { endpointId, tenantId, fromAt, toAt, cursor } = replay;
    const [endpoint] = await sql<{ events: string[] }[]>`
      select events from webhook_endpoints where id = ${endpointId} and status in ('active', 'paused')`;
    const rows = endpoint
      ? await sql<MessageEvent[]>`
          select id, tenant_id as "tenantId", status, error_code as "errorCode", done_at as at from messages
          where tenant_id = ${tenantId} and ${cursor ? sql`id > ${cursor}::uuid` : sql`id >= banyan_uuid7_floor(${fromAt})`}
            and id < banyan_uuid7_floor(${toAt}::timestamptz)
          order by id limit ${stepSize}`
      : [];
    const statuses = statusesOf(endpoint?.events ?? []);
    const told = rows.filter(({ status }) => statuses.includes(status));
    queueDeliveries(ctx, endpointId, told);
    const isDone = rows.length < stepSize;
    const queued = replay.queued + told.length;
    const ended = endpoint ? ("done" as const) : ("stopped" as const);
    await ctx.tx.db
      .update(webhookReplays)
      .set({
        queued,
        cursor: rows.at(-1)?.id ?? cursor,
        ...(isDone ? { status: ended, finishedAt: ctx.clock.now() } : {}),
      })
      .where(eq(webhookReplays.id, id));
    return { isDone, queued };
  });
}

async function openEndpoint(ctx: InTx, webhookId: string): Promise<WebhookEndpoint> {
  const endpoint = await endpointInScope(ctx, webhookId, "update");
  if (endpoint.status === "disabled") throw conflict("webhook_disabled", "This webhook is off. Resume it first.");
  return endpoint;
}

const replaysOf = (ctx: InTx, endpointId: string): Promise<Replay[]> =>
  ctx.tx.db
    .select()
    .from(webhookReplays)
    .where(eq(webhookReplays.endpointId, endpointId))
    .orderBy(desc(webhookReplays.id))
    .limit(shownReplays);

/** Acceptance by the carrier is no news any more: ends only. */
const statusesOf = (events: readonly string[]): string[] =>
  events
    .filter((event) => event.startsWith("message.") && event !== "message.sent")
    .map((event) => event.slice("message.".length));

const note = (ctx: InTx, { id, tenantId }: WebhookEndpoint, detail: Record<string, unknown>): Promise<void> =>
  audit(ctx, { action: "webhooks.replay", subjectType: "webhook", subjectId: id, tenantId, detail });
