/** A story tells each attempt to call the client's webhook: prompt ones, retries, and those that are still to come. */
import { expect, it } from "vitest";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { why } from "#server/domain/messages/why.ts";
import { createWebhook } from "#server/domain/webhooks/create.ts";
import { bodyOf, messageEventId } from "#server/domain/webhooks/payload.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();

it("tells attempts in order, without what stands in the query of the address", async () => {
  const tree = await makeSendingTree(db);
  const own = contextFor(db, tree.subaccount.id);
  const endpointId = newId();
  await createWebhook(own, { id: endpointId, url: "https://client.example/told?token=hidden" });
  const item = itemOf();
  await send(own, [item]);
  const messageId = item.id;
  await asSystem(contextFor(db, tree.aggregator.id), async (ctx) => {
    await applyTransitions(ctx, [{ messageId, status: "sent" }]);
    await applyTransitions(ctx, [{ messageId, status: "delivered" }]);
    const attempt = (outcome: string, number: number, statusCode: number | null, afterMs: number) => ctx.tx.sql`
      insert into webhook_attempts (id, tenant_id, endpoint_id, at, outcome, attempt, requests, events, message_ids,
        status_code, duration_ms, error)
      values (${newId(Date.now() + afterMs)}, ${tree.subaccount.id}, ${endpointId}, ${new Date(Date.now() + afterMs)},
        ${outcome}, ${number}, 1, 1, ${[messageId]}::uuid[], ${statusCode}, 12, ${statusCode === null ? "timeout" : null})`;
    await attempt("retried", 1, null, 0);
    await attempt("retried", 2, 500, 3_600_000);
    await attempt("delivered", 3, 204, 7_200_000);
    await ctx.tx
      .sql`insert into webhook_retries (id, endpoint_id, tenant_id, message_id, status, at, attempts, ready_at)
      values (${newId()}, ${endpointId}, ${tree.subaccount.id}, ${messageId}, 'delivered', now(), 1, now() + interval '1 hour')`;
  });
  const { story } = await why(own, { id: messageId });
  const told = story?.steps.filter(({ kind }) => kind === "told") ?? [];
  expect(told.map(({ facts }) => [facts.attempt, facts.outcome, facts.statusCode])).toEqual([
    [1, "retried", null],
    [2, "retried", 500],
    [3, "delivered", 204],
  ]);
  expect(told[0]?.facts.url).toBe("https://client.example/told");
  expect(story?.steps.find(({ kind }) => kind === "waiting")?.facts).toMatchObject({ channel: "webhook", attempts: 1 });
  // Found by the attempt's own id, too.
  const [row] = await db.sql<
    { id: string }[]
  >`select id from webhook_attempts where endpoint_id = ${endpointId} limit 1`;
  expect((await why(own, { id: row?.id ?? "" })).matches).toMatchObject([{ id: messageId, foundBy: "attempt" }]);
});

it("finds the messages of a list by its webhook-id, for nobody else, and the first of them when attempts are gone", async () => {
  const tree = await makeSendingTree(db);
  const own = contextFor(db, tree.subaccount.id);
  const endpointId = newId();
  await createWebhook(own, { id: endpointId, url: "https://client.example/lists", batchSize: 2 });
  const items = [itemOf(), itemOf(), itemOf(), itemOf(), itemOf()];
  await send(own, items);
  const told = items.map(({ id }) => id);
  await asSystem(contextFor(db, tree.aggregator.id), (ctx) =>
    applyTransitions(
      ctx,
      told.map((messageId) => ({ messageId, status: "sent" as const, sentAt: ctx.clock.now() })),
    ),
  );
  // Two lists of two and one of one share a row.
  await db.sql`insert into webhook_attempts (id, tenant_id, endpoint_id, at, outcome, attempt, requests, events,
      message_ids, status_code, duration_ms, error)
    values (banyan_uuid7_floor(now()), ${tree.subaccount.id}, ${endpointId}, now(), 'delivered', 1, 3, 5, ${told}::uuid[], 204, 12, null)`;
  const listOf = (ids: string[]) => {
    const deliveries = ids.map((messageId) => ({
      id: newId(),
      eventId: messageEventId(messageId, "sent"),
      messageId,
      attempts: 0,
      at: new Date(),
      json: "{}",
    }));
    return bodyOf(deliveries, true).id;
  };
  const second = listOf(told.slice(2, 4));
  const found = async (tenantId: string, id: string) => {
    const { matches } = await why(contextFor(db, tenantId), { id });
    expect(matches.every(({ foundBy }) => foundBy === "callback")).toBe(true);
    return matches.map(({ id }) => id).sort();
  };
  expect(listOf(told.slice(2, 4))).toBe(second);
  expect(await found(tree.subaccount.id, second)).toEqual(told.slice(2, 4));
  expect(await found(tree.partner.id, second.toUpperCase().replace("BAT", "bat"))).toEqual(told.slice(2, 4));
  expect((await why(own, { id: listOf(told.slice(4)) })).story?.id).toBe(told[4]);
  expect(await found(tree.sibling.id, second)).toEqual([]);
  await db.sql`delete from webhook_attempts where endpoint_id = ${endpointId}`;
  expect(await found(tree.subaccount.id, second)).toEqual([told[2]]);
});
