/** The webhooks room: who may set what up, what is kept secret, replays, tests, and the schedule of tries. */
import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, it } from "vitest";
import { deleteWebhook, pauseWebhook, resumeWebhook } from "#server/domain/webhooks/change-status.ts";
import { createWebhook } from "#server/domain/webhooks/create.ts";
import { afterFailure, afterSuccess, disableAfterMs, type Health } from "#server/domain/webhooks/health.ts";
import { getWebhook, listWebhookAttempts, listWebhooks } from "#server/domain/webhooks/list.ts";
import { pruneWebhooks } from "#server/domain/webhooks/prune.ts";
import { queueOtherEvent } from "#server/domain/webhooks/queue-events.ts";
import {
  continueReplay,
  listReplays,
  replayMessages,
  replayRange,
  stopReplay,
} from "#server/domain/webhooks/replay.ts";
import { rotateWebhookSecret } from "#server/domain/webhooks/rotate-secret.ts";
import { sendTestEvent } from "#server/domain/webhooks/send-test.ts";
import { keyOf, newSecret, signedHeaders } from "#server/domain/webhooks/signature.ts";
import { updateWebhook } from "#server/domain/webhooks/update.ts";
import { nextTry, wakeEndpoint } from "#server/domain/webhooks/wake.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { workerContext } from "#tests/delivering.ts";
import { contextFor, makeTree, type Tree } from "#tests/factories.ts";
import { endMessages } from "#tests/webhooks.ts";

const db = await testDatabase();
let tree: Tree;
beforeAll(async () => {
  tree = await makeTree(db);
});

const owner = (): Context => contextFor(db, tree.partner.id);
const url = "http://127.0.0.1:9/hook";
const made = (over = {}) => createWebhook(owner(), { id: newId(), url, ...over });
const waiting = async (id: string) => (await getWebhook(owner(), { id })).waiting.fresh;
const dayMs = 86_400_000;

describe("setting webhooks up", () => {
  it("creates one, shows its secret once, and stores it sealed", async () => {
    const input = { id: newId(), url, description: "Orders" };
    const { secret, ...webhook } = await createWebhook(owner(), input);
    expect(secret).toMatch(/^whsec_/);
    expect(webhook).toMatchObject({ status: "active", batchSize: 1, tenantId: tree.partner.id });
    expect(webhook.events).not.toContain("message.sent");
    expect((await createWebhook(owner(), input)).secret).toBeNull();
    expect(JSON.stringify(await listWebhooks(owner(), {}))).not.toContain("ecret");
    const [row] = await db.sql`select secret_sealed from webhook_endpoints where id = ${input.id}`;
    expect(row?.secret_sealed).not.toContain(secret?.slice(6));
  });

  it("refuses addresses inside private networks and with a password, and other bad input", async () => {
    for (const bad of ["http://10.1.2.3/", "http://[::1]/", "http://169.254.169.254/latest", "http://0xa.1/"]) {
      await expect(made({ url: bad })).rejects.toMatchObject({ code: "host_not_allowed", detail: { field: "url" } });
    }
    for (const bad of ["ftp://example.com", "https://me:pw@example.com/", "example.com", ""]) {
      await expect(made({ url: bad })).rejects.toMatchObject({ code: "invalid_input", detail: { field: "url" } });
    }
    await expect(made({ events: [] })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(made({ batchSize: 101 })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(made({ secret: "whsec_short" })).rejects.toMatchObject({ code: "invalid_input" });
    const { id } = await made();
    await expect(updateWebhook(owner(), { id, url: "http://10.1.2.3/" })).rejects.toMatchObject({
      code: "host_not_allowed",
    });
  });

  it("lets leaders write, support read, the others neither; those above reach it, nobody beside", async () => {
    const { id } = await made();
    const as = (role: "viewer" | "support" | "manager", tenantId = tree.partner.id) => contextFor(db, tenantId, role);
    await expect(createWebhook(as("support"), { id: newId(), url })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(getWebhook(as("viewer"), { id })).rejects.toMatchObject({ kind: "forbidden" });
    expect(await getWebhook(as("support"), { id })).toMatchObject({ id });
    expect(await updateWebhook(as("manager"), { id, description: "New" })).toMatchObject({ description: "New" });
    expect(await getWebhook(contextFor(db, tree.company.id), { id })).toMatchObject({ id });
    for (const outside of [tree.subaccount, tree.sibling, tree.stranger]) {
      const ctx = contextFor(db, outside.id);
      const missing = { code: "webhook_not_found" };
      await expect(getWebhook(ctx, { id })).rejects.toMatchObject(missing);
      await expect(updateWebhook(ctx, { id, description: "x" })).rejects.toMatchObject(missing);
      await expect(rotateWebhookSecret(ctx, { id })).rejects.toMatchObject(missing);
      await expect(deleteWebhook(ctx, { id })).rejects.toMatchObject(missing);
      await expect(sendTestEvent(ctx, { id })).rejects.toMatchObject(missing);
      await expect(listWebhookAttempts(ctx, { id })).rejects.toMatchObject(missing);
      await expect(createWebhook(ctx, { id, url })).rejects.toMatchObject({ code: "webhook_id_taken" });
    }
  });

  it("bounds how many there are, and the renewals of a secret in a day", async () => {
    const other = contextFor(db, tree.subaccount.id);
    const ids = Array.from({ length: 20 }, () => newId());
    for (const id of ids) await createWebhook(other, { id, url });
    await expect(createWebhook(other, { id: newId(), url })).rejects.toMatchObject({ code: "too_many_webhooks" });
    const [id = ""] = ids;
    const secrets = new Set<string | null>();
    for (let n = 0; n < 4; n++) secrets.add((await rotateWebhookSecret(other, { id })).secret);
    expect(secrets.size).toBe(4);
    await expect(rotateWebhookSecret(other, { id })).rejects.toMatchObject({ code: "too_many_secrets" });
    await deleteWebhook(other, { id });
    await expect(deleteWebhook(other, { id })).rejects.toMatchObject({ code: "webhook_not_found" });
    await createWebhook(other, { id: newId(), url });
  });

  it("pauses and resumes, twice as well as once", async () => {
    const { id } = await made();
    expect(await pauseWebhook(owner(), { id })).toMatchObject({ status: "paused" });
    expect(await pauseWebhook(owner(), { id })).toMatchObject({ status: "paused" });
    expect(await resumeWebhook(owner(), { id })).toMatchObject({ status: "active" });
    expect(await resumeWebhook(owner(), { id })).toMatchObject({ status: "active" });
    await db.sql`update webhook_endpoints set status = 'disabled', disabled_reason = 'gone' where id = ${id}`;
    await expect(pauseWebhook(owner(), { id })).rejects.toMatchObject({ code: "webhook_disabled" });
    expect(await resumeWebhook(owner(), { id })).toMatchObject({ status: "active", disabledReason: null });
  });
});

describe("signatures", () => {
  it("are accepted by the reference library for every valid secret, and not for one changed octet", () => {
    const secrets = [newSecret(), newSecret()];
    const body = JSON.stringify({ type: "message.delivered", data: { text: "xin chào" } });
    const timestamp = Math.floor(Date.now() / 1_000);
    const headers = signedHeaders(secrets.map(keyOf), { id: "msg_1", timestamp, body });
    for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toBeTruthy();
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow();
    const octets = Buffer.from(body);
    for (let at = 0; at < octets.length; at++) {
      const changed = Buffer.from(octets);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => new Webhook(secrets[0] ?? "").verify(changed.toString("latin1"), headers)).toThrow();
    }
  });
});

describe("replays", () => {
  it("queues named messages of the tenant once more, and nobody else's", async () => {
    const { id } = await made();
    const own = await endMessages(db, tree.partner.id, 3);
    const foreign = await endMessages(db, tree.sibling.id, 2);
    expect(await waiting(id)).toBe(3);
    const input = { webhookId: id, messageIds: [...own, ...foreign, newId()] };
    expect(await replayMessages(owner(), input)).toEqual({ queued: 3 });
    expect(await waiting(id)).toBe(6);
  });

  it("goes through a range step by step, once, and can be stopped", async () => {
    const { id: webhookId } = await made();
    const from = new Date(Date.now() - 60_000);
    const to = new Date(Date.now() + 60_000);
    await endMessages(db, tree.partner.id, 2_500);
    await db.sql`delete from outgoing_receipts where receiver_id = ${webhookId}`;
    const id = newId();
    const replay = await replayRange(owner(), { id, webhookId, from, to });
    expect(await replayRange(owner(), { id, webhookId, from, to })).toMatchObject({ id: replay.id });
    await expect(replayRange(owner(), { id: newId(), webhookId, from, to })).rejects.toMatchObject({
      code: "replay_running",
    });
    expect(await continueReplay(workerContext(db), { id })).toMatchObject({ isDone: false });
    expect(await continueReplay(workerContext(db), { id })).toMatchObject({ isDone: true });
    const [done] = await listReplays(owner(), { id: webhookId });
    expect(done).toMatchObject({ status: "done" });
    expect(await waiting(webhookId)).toBe(done?.queued);
    expect(done?.queued).toBeGreaterThanOrEqual(2_500);
    expect(await continueReplay(workerContext(db), { id })).toMatchObject({ isDone: true, queued: done?.queued });
    const next = newId();
    await replayRange(owner(), { id: next, webhookId, from, to });
    await expect(stopReplay(contextFor(db, tree.sibling.id), { id: next })).rejects.toMatchObject({
      code: "replay_not_found",
    });
    expect(await stopReplay(owner(), { id: next })).toMatchObject({ status: "stopped" });
    expect(await continueReplay(workerContext(db), { id: next })).toMatchObject({ isDone: true, queued: 0 });
    await expect(continueReplay(owner(), { id })).rejects.toMatchObject({ kind: "forbidden" });
    const late = { id: newId(), webhookId, from: new Date(from.getTime() - 40 * dayMs), to };
    await expect(replayRange(owner(), late)).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("other events", () => {
  it("reach those who asked for them, once", async () => {
    const { id } = await made({ events: ["order.used_up"] });
    const event = { id: newId(), tenantId: tree.partner.id, type: "order.used_up" as const, data: { number: "A-1" } };
    const queue = (over = {}) => asSystem(workerContext(db), (ctx) => queueOtherEvent(ctx, { ...event, ...over }));
    await queue();
    await queue();
    await queue({ id: newId(), type: "campaign.finished" });
    await queue({ id: newId(), tenantId: tree.sibling.id });
    expect(await waiting(id)).toBe(1);
  });
});

describe("health", () => {
  const fresh: Health = { consecutiveFailures: 0, failingSince: null, probes: 0, retryAt: null, lastSuccessAt: null };
  const start = Date.UTC(2_026, 0, 1);
  const waitsFrom = (health: Health, attempts: number): number[] => {
    const waits: number[] = [];
    let now = start;
    for (let n = 0; n < 10; n++) {
      const after = afterFailure(health, { now: new Date(now), attempts, retryAfterMs: null });
      health = after.health;
      if (!health.retryAt) continue;
      waits.push(Math.round((health.retryAt.getTime() - now) / 1_000));
      now = health.retryAt.getTime();
    }
    return waits;
  };

  it("waits 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, and a minute more for the workflow to come first", () => {
    expect(waitsFrom(fresh, 1)).toEqual([5, 360, 1_860, 7_260, 18_060, 36_060]);
    expect(waitsFrom({ ...fresh, consecutiveFailures: 1 }, 2).slice(0, 2)).toEqual([360, 1_860]);
  });

  it("does not count a receiver as failing that refuses some and takes others", () => {
    let health = afterSuccess(new Date(start));
    for (let n = 0; n < 19; n++)
      health = afterFailure(health, { now: new Date(start + 10), attempts: 1, retryAfterMs: null }).health;
    expect(health.failingSince).toBeNull();
    expect(afterSuccess(new Date(start))).toMatchObject({ consecutiveFailures: 0, failingSince: null });
  });

  it("is followed by the workflow: it wakes the endpoint in time, and turns it off after five days", async () => {
    const { id } = await made();
    const since = new Date().toISOString();
    const retryAt = new Date(Date.now() + 660_000);
    await db.sql`update webhook_endpoints set failing_since = ${since}, probes = 1, retry_at = ${retryAt} where id = ${id}`;
    const job = workerContext(db);
    const { waitSeconds } = await nextTry(job, { webhookId: id, since });
    expect(waitSeconds).toBeGreaterThan(590);
    expect(waitSeconds).toBeLessThanOrEqual(600);
    expect(await wakeEndpoint(job, { webhookId: id, since })).toEqual({ isFailing: true });
    expect((await getWebhook(owner(), { id })).retryAt?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await nextTry(job, { webhookId: id, since: new Date(0).toISOString() })).toMatchObject({ isFailing: false });
    const later = { ...job, clock: { now: () => new Date(Date.now() + disableAfterMs) } };
    expect(await wakeEndpoint(later, { webhookId: id, since })).toEqual({ isFailing: false });
    expect(await getWebhook(owner(), { id })).toMatchObject({ status: "disabled", disabledReason: "failing" });
    const [told] =
      await db.sql`select data from outbox where name = 'webhooks/endpoint.disabled' and data->>'webhookId' = ${id}`;
    expect(told?.data).toMatchObject({ reason: "failing", url });
    await expect(wakeEndpoint(owner(), { webhookId: id, since })).rejects.toMatchObject({ kind: "forbidden" });
  });
});

describe("clearing by age", () => {
  it("removes what waited a week, what was sent two weeks ago, and what deleted endpoints leave", async () => {
    const kept = await made();
    const gone = await made();
    await endMessages(db, tree.partner.id, 4);
    await deleteWebhook(owner(), { id: gone.id });
    const before = await waiting(kept.id);
    await pruneWebhooks(workerContext(db));
    expect(await waiting(kept.id)).toBe(before);
    const [left] = await db.sql`select count(*)::int as n from outgoing_receipts where receiver_id = ${gone.id}`;
    expect(left?.n).toBe(0);
    const later = { ...workerContext(db), clock: { now: () => new Date(Date.now() + 8 * dayMs) } };
    while ((await pruneWebhooks(later)) > 0);
    expect(await waiting(kept.id)).toBe(0);
    await expect(pruneWebhooks(owner())).rejects.toMatchObject({ kind: "forbidden" });
  });
});
