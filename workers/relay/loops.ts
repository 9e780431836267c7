/** The relay's loops: the outbox, and the housekeeping that belongs to no request. To add one, add an entry. */
import type { Database } from "#db/client.ts";
import { connectOwner } from "#db/partitions.ts";
import { env } from "#env.ts";
import { finishCampaigns } from "#server/domain/campaigns/finish.ts";
import { wakeCampaigns } from "#server/domain/campaigns/sweep.ts";
import { pruneParked } from "#server/domain/delivery/prune-parked.ts";
import { prunePolls } from "#server/domain/delivery/receipt-polls.ts";
import { pruneOutgoing } from "#server/domain/delivery/settle-outgoing.ts";
import { pruneEndedSessions } from "#server/domain/identity/end-session.ts";
import { pruneLinks } from "#server/domain/identity/prune-links.ts";
import { pruneKeys } from "#server/domain/messages/idempotency.ts";
import { pruneEmails } from "#server/domain/notifications/prune-emails.ts";
import { foldReports, maxFolded } from "#server/domain/reports/fold.ts";
import { closeDays } from "#server/domain/retention/close-days.ts";
import { dropDays } from "#server/domain/retention/drop-days.ts";
import { pruneBlocks } from "#server/domain/traces/store.ts";
import { pruneWebhooks } from "#server/domain/webhooks/prune.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { pruneBite } from "#server/kernel/prune.ts";
import { forwarder, type SendEvents } from "./forward.ts";
import type { LoopWork } from "./loop.ts";
import { showDaysAhead, showUnsettled } from "./metrics.ts";
import { sampler } from "./sample.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** @param ownerUrl straight to the server, as the account that owns the tables; without it no day is dropped */
export function loops(
  db: Database,
  send: SendEvents,
  now: () => Date,
  ownerUrl?: string,
): { outbox: LoopWork; housekeeping: LoopWork[] } {
  const events = forwarder(db, send, now);
  return {
    /** Woken by NOTIFY; the pause is for what a lost notification would leave. */
    outbox: { name: "outbox", everyMs: 300, pass: events.pass },
    housekeeping: [
      { name: "reports", everyMs: 1_000, pass: () => foldAndFinish(db, now) },
      sampler(db, now),
      { name: "campaigns", everyMs: 10_000, pass: () => wakeStill(db, now) },
      { name: "prune-outbox", everyMs: hourMs, pass: events.prune },
      { name: "prune", everyMs: hourMs, pass: () => prune(db, now) },
      { name: "partitions", everyMs: hourMs, pass: () => ensurePartitions(db) },
      { name: "retention", everyMs: hourMs / 4, pass: () => closeAndDrop(db, now, ownerUrl) },
    ],
  };
}

/** What is kept how long stands with each verb, and in docs/operations.md. */
async function prune(db: Database, now: () => Date): Promise<boolean> {
  const ctx = jobContext({ db, clock: { now } }, "prune", nilId, newId());
  let hasMore = false;
  for (const verb of [
    pruneKeys,
    pruneParked,
    prunePolls,
    pruneOutgoing,
    pruneEmails,
    pruneLinks,
    pruneEndedSessions,
    pruneWebhooks,
    (ctx: Context) => pruneBlocks(ctx, env.WIRE_TRACE_DAYS * dayMs),
  ]) {
    if ((await verb(ctx)) === pruneBite) hasMore = true;
  }
  return hasMore;
}

/**
 * Yesterday to a week ahead: messages find the partition of their day also after days without a relay. Plans that are made
 * once lock and know every day that there is, on each connection.
 */
async function ensurePartitions(db: Database): Promise<boolean> {
  await db.sql`select banyan_ensure_partitions((now() at time zone 'UTC')::date - 1, 9)`;
  await showDaysAhead(db);
  return false;
}

/** A connection of its own, and only while it is needed: dropping waits for others, and holds a lock between its steps. */
async function closeAndDrop(db: Database, now: () => Date, ownerUrl?: string): Promise<boolean> {
  const ctx = jobContext({ db, clock: { now } }, "retention", nilId, newId());
  showUnsettled(await closeDays(ctx));
  const owner = ownerUrl === undefined ? null : await connectOwner(ownerUrl);
  try {
    if (owner) await dropDays(ctx, owner);
  } finally {
    await owner?.close();
  }
  return false;
}

/** Not by the workflow engine: what is mended here is a run that the engine lost. */
async function wakeStill(db: Database, now: () => Date): Promise<boolean> {
  await wakeCampaigns(jobContext({ db, clock: { now } }, "campaign-wake", nilId, newId()));
  return false;
}

/** The rollups first: they say which campaigns are through. */
async function foldAndFinish(db: Database, now: () => Date): Promise<boolean> {
  const folded = await foldReports({ db });
  await finishCampaigns({ db, clock: { now } });
  return folded >= maxFolded;
}
