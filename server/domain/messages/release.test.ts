/** After the decision: releasing, rejecting, and taking back what waits, in bounded steps that may run twice. */
import { describe, expect, it } from "vitest";
import { moderationPolicies } from "#db/schema/moderation.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { cancelMessages } from "#server/domain/messages/cancel.ts";
import { rejectBatch, releaseBatch } from "#server/domain/messages/release.ts";
import { forgetPolicies } from "#server/domain/moderation/policy-snapshot.ts";
import { textsOf } from "#server/domain/moderation/sample-texts.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();

async function reviewed(count: number) {
  const tree = await makeSendingTree(db);
  await db.asSystem((tx) => tx.db.insert(moderationPolicies).values({ tenantId: tree.partner.id, mode: "always" }));
  forgetPolicies(db);
  const batchId = newId();
  const items = Array.from({ length: count }, () => itemOf());
  await send(contextFor(db, tree.subaccount.id), items, { batchId });
  const later = { now: () => new Date(Date.now() + 3_600_000) };
  const job = jobContext({ db, clock: later }, "moderation", tree.aggregator.id, newId());
  return { tree, job, items, step: { tenantId: tree.subaccount.id, batchId, limit: 2 } };
}

const statuses = async (tenantId: string) =>
  (await db.sql`select status from messages where tenant_id = ${tenantId} order by id`).map((row) => row.status);

it("shows the moderator every text that the decision is about", async () => {
  const tree = await makeSendingTree(db);
  await db.asSystem((tx) => tx.db.insert(moderationPolicies).values({ tenantId: tree.partner.id, mode: "always" }));
  forgetPolicies(db);
  const batchId = newId();
  const items = ["One.", "Two.", "One.", "Three."].map((text) => ({ ...itemOf(), text }));
  await send(contextFor(db, tree.subaccount.id), items, { batchId });
  const [row] = await db.sql<{ sample: string }[]>`
    select sample_text as sample from moderation_cases where subject_id = ${batchId}`;
  expect(textsOf(row?.sample ?? "")).toEqual(["One.", "Two.", "Three."]);
});

describe("releaseBatch and rejectBatch", () => {
  it("releases in steps, with the waiting time added to the validity", async () => {
    const { tree, job, step } = await reviewed(3);
    expect(await releaseBatch(job, step)).toEqual({ changed: 2, remaining: 1 });
    expect(await releaseBatch(job, step)).toEqual({ changed: 1, remaining: 0 });
    expect(await releaseBatch(job, step)).toEqual({ changed: 0, remaining: 0 });
    expect(await statuses(tree.subaccount.id)).toEqual(["queued", "queued", "queued"]);
    const queue = await db.sql`
      select is_held, extract(epoch from q.valid_until - m.created_at)::int as seconds
      from send_queue q join messages m on m.id = q.message_id where q.tenant_id = ${tree.subaccount.id}`;
    for (const row of queue) {
      expect(row.is_held).toBe(false);
      expect(row.seconds).toBeGreaterThanOrEqual(25 * 3_600 - 5);
    }
  });

  it("rejects: nothing stays in the queue, the money is free again", async () => {
    const { tree, job, step } = await reviewed(2);
    expect(await rejectBatch(job, step)).toEqual({ changed: 2, remaining: 0 });
    expect(await releaseBatch(job, step)).toEqual({ changed: 0, remaining: 0 });
    expect(await statuses(tree.subaccount.id)).toEqual(["rejected", "rejected"]);
    expect(await db.sql`select 1 from send_queue where tenant_id = ${tree.subaccount.id}`).toHaveLength(0);
    expect((await prove(contextFor(db, tree.aggregator.id))).isClean).toBe(true);
    const held = await db.sql`select sum(balance)::bigint as n from ledger_accounts where kind = 'held'
      and order_id in (select id from orders where buyer_id = ${tree.subaccount.id})`;
    expect(held[0]?.n).toBe(0n);
  });

  it("is for jobs only", async () => {
    const { tree, step } = await reviewed(1);
    await expect(releaseBatch(contextFor(db, tree.aggregator.id), step)).rejects.toMatchObject({ code: "forbidden" });
    await expect(rejectBatch(contextFor(db, tree.aggregator.id), step)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("cancelMessages", () => {
  it("takes back what no worker holds, in steps, and leaves the rest", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const campaignId = newId();
    const items = Array.from({ length: 4 }, () => itemOf());
    await send(ctx, items, { campaignId, source: "campaign" });
    await db.sql`update send_queue set lease_owner = 'w1', leased_at = now() where message_id = ${items[0]?.id ?? ""}`;
    expect(await cancelMessages(ctx, { campaignId, limit: 2 })).toEqual({ cancelled: 2, remaining: 2 });
    expect(await cancelMessages(ctx, { campaignId, limit: 2 })).toEqual({ cancelled: 1, remaining: 1 });
    expect(await cancelMessages(ctx, { campaignId, limit: 2 })).toEqual({ cancelled: 0, remaining: 1 });
    expect(await statuses(tree.subaccount.id)).toEqual(["queued", "cancelled", "cancelled", "cancelled"]);
    expect((await prove(contextFor(db, tree.aggregator.id))).isClean).toBe(true);
  });

  it("touches nothing outside the subtree, and needs the permission", async () => {
    const tree = await makeSendingTree(db);
    const item = itemOf();
    await send(contextFor(db, tree.subaccount.id), [item]);
    for (const outsider of [tree.sibling, tree.stranger]) {
      const answer = await cancelMessages(contextFor(db, outsider.id), { ids: [item.id] });
      expect(answer).toEqual({ cancelled: 0, remaining: 0 });
    }
    await expect(
      cancelMessages(contextFor(db, tree.subaccount.id, "viewer"), { ids: [item.id] }),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect((await cancelMessages(contextFor(db, tree.partner.id), { ids: [item.id] })).cancelled).toBe(1);
  });
});
