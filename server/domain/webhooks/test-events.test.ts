/** Test events: sent at once and noted, and no more of them than a receiver may be asked to bear. */
import { beforeAll, expect, it } from "vitest";
import { listWebhookAttempts } from "#server/domain/webhooks/list.ts";
import { rotateWebhookSecret } from "#server/domain/webhooks/rotate-secret.ts";
import { sendTestEvent } from "#server/domain/webhooks/send-test.ts";
import { mostTrials } from "#server/kernel/bound-trials.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree, type Tree } from "#tests/factories.ts";
import { makeEndpoint, openSink } from "#tests/webhooks.ts";

const db = await testDatabase();
let tree: Tree;
beforeAll(async () => {
  tree = await makeTree(db);
});
const owner = () => contextFor(db, tree.partner.id);

it("go out at once, and are noted", async () => {
  const sink = await openSink();
  const { id } = await makeEndpoint(db, tree.partner.id, sink);
  expect(await sendTestEvent(owner(), { id })).toMatchObject({ isTaken: true, statusCode: 204, error: null });
  expect(sink.events).toMatchObject([{ type: "webhook.test", data: { webhookId: id } }]);
  sink.manner = (_request, response) => Boolean(response.writeHead(302, { location: "http://127.0.0.1:9/" }).end());
  expect(await sendTestEvent(owner(), { id })).toMatchObject({ isTaken: false, statusCode: 302 });
  expect(await sendTestEvent(owner(), { id }, { allowed: [] })).toMatchObject({ error: "host_not_allowed" });
  const { items } = await listWebhookAttempts(owner(), { id });
  expect(items.map(({ outcome }) => outcome)).toEqual(["test_failed", "test_failed", "test_passed"]);
  await expect(db.sql`update webhook_attempts set outcome = 'delivered'`).rejects.toMatchObject({ code: "42501" });
});

it("are signed with the old secret as well while it is valid, as all events are", async () => {
  const sink = await openSink();
  const { id } = await makeEndpoint(db, tree.partner.id, sink);
  const signatures: number[] = [];
  sink.manner = (request, response) => {
    signatures.push(String(request.headers["webhook-signature"]).split(" ").length);
    return Boolean(response.writeHead(204).end());
  };
  await sendTestEvent(owner(), { id });
  await rotateWebhookSecret(owner(), { id });
  await sendTestEvent(owner(), { id });
  await db.sql`
    update webhook_endpoints set previous_secrets = (select jsonb_agg(p || '{"until":"2026-01-01T00:00:00.000Z"}'::jsonb)
      from jsonb_array_elements(previous_secrets) p) where id = ${id}`;
  // This receiver knows the first secret only.
  expect(await sendTestEvent(owner(), { id })).toMatchObject({ isTaken: false });
  expect(signatures).toEqual([1, 2]);
});

it("are thirty in ten minutes over all endpoints of an owner, whoever asks and how many at once", async () => {
  const sink = await openSink();
  const ids: string[] = [];
  for (let n = 0; n < 2; n += 1) ids.push((await makeEndpoint(db, tree.subaccount.id, sink)).id);
  const own = contextFor(db, tree.subaccount.id);
  const asked = await Promise.allSettled(
    Array.from({ length: mostTrials + 4 }, (_, n) => sendTestEvent(own, { id: ids[n % 2] ?? "" })),
  );
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(mostTrials);
  expect(sink.requests).toBe(mostTrials);
  const [id = ""] = ids;
  const refusal = { kind: "rate_limited", code: "too_many_trials", detail: { retryAfterSeconds: expect.any(Number) } };
  for (const tenant of [tree.subaccount, tree.aggregator]) {
    await expect(sendTestEvent(contextFor(db, tenant.id), { id })).rejects.toMatchObject(refusal);
  }
  // Others have their own, and this one has new ones when the time is over (of which the receiver knows nothing).
  const { id: theirs } = await makeEndpoint(db, tree.sibling.id, sink);
  expect(await sendTestEvent(contextFor(db, tree.sibling.id), { id: theirs })).toMatchObject({ isTaken: true });
  const later = { ...own, clock: { now: () => new Date(Date.now() + 601_000) } };
  expect(await sendTestEvent(later, { id })).toMatchObject({ error: null });
});
