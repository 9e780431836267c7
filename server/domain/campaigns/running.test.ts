/** Campaigns under way: expansion that runs twice, races with pause and stop, exact money. */
import { describe, expect, it } from "vitest";
import { expandCampaign } from "#server/domain/campaigns/expand.ts";
import { getCampaign } from "#server/domain/campaigns/get.ts";
import { pauseCampaign } from "#server/domain/campaigns/pause.ts";
import { getProgress } from "#server/domain/campaigns/progress.ts";
import { quoteCampaign } from "#server/domain/campaigns/quote.ts";
import { exportRefusals, listRefusals } from "#server/domain/campaigns/refusals.ts";
import { resumeCampaign } from "#server/domain/campaigns/resume.ts";
import { resumeHeldCampaigns } from "#server/domain/campaigns/resume-held.ts";
import { stopCampaign, takeBackUnsent } from "#server/domain/campaigns/stop.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { addOptOuts } from "#server/domain/contacts/add-opt-outs.ts";
import { derivedId } from "#server/kernel/id.ts";
import { eventsOf, jobFor, makeCampaign, makeList } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { campaignsIn } from "#tests/running-campaigns.ts";
import { makeSendingTree } from "#tests/sending.ts";

const db = await testDatabase(12);

const { launch, expandAll, messagesOf, end, foldAll, spentOf } = campaignsIn(db);

describe("expansion", () => {
  it("writes a long stretch in several small transactions, and goes on where one was cut off", async () => {
    const tree = await makeSendingTree(db);
    const { id, job } = await launch(tree, { rows: 1_300 });
    const first = await expandCampaign(job, { campaignId: id, fromOrdinal: 1, limit: 1_200 });
    expect(first).toEqual({ status: "running", nextOrdinal: 1_201, isFull: false });
    expect(await expandAll(job, id)).toBe("sending");
    const batches = await db.sql<{ n: number }[]>`
      select count(*)::int as n from messages where campaign_id = ${id} group by batch_id order by min(id::text)`;
    const sizes = batches.map((batch) => batch.n);
    expect(sizes.reduce((sum, n) => sum + n, 0)).toBe(1_300);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.at(-1)).toBe(100);
  });

  it("waits while the queue is full of its last messages, and goes on when they have gone out", async () => {
    const tree = await makeSendingTree(db);
    const { id, job } = await launch(tree, { rows: 1_020 });
    await expandCampaign(job, { campaignId: id, fromOrdinal: 1, limit: 1_000 });
    const [sent] = await messagesOf(id);
    const { launchedAt } = await getCampaign(contextFor(db, tree.subaccount.id), { id });
    const waiting = Array.from({ length: 40 }, (_, n) => derivedId(launchedAt?.getTime() ?? 0, id, 10_250 + n * 250));
    await db.sql`
      insert into send_queue (message_id, connector_id, lane, tenant_id, campaign_id, ready_at, valid_until)
      select w.id, q.connector_id, q.lane, q.tenant_id, q.campaign_id, q.ready_at, q.valid_until
      from send_queue q, unnest(${waiting}::uuid[]) as w (id) where q.message_id = ${sent?.id ?? ""}`;
    await db.sql`update campaigns set expanded_to = 20000, recipient_count = 50000 where id = ${id}`;
    const next = () => expandCampaign(job, { campaignId: id, fromOrdinal: 1, limit: 10 });
    expect(await next()).toEqual({ status: "running", nextOrdinal: 20_001, isFull: true });
    await db.sql`delete from send_queue where message_id = any(${waiting.slice(0, 20)}::uuid[])`;
    // There is room, and the list has ended.
    expect(await next()).toMatchObject({ status: "sending", isFull: false });
  });

  it("gives every recipient one message in the list's order, however often and however parallel it runs", async () => {
    const tree = await makeSendingTree(db);
    const { id, job } = await launch(tree, { rows: 250 });
    await Promise.all([expandAll(job, id, 40), expandAll(job, id, 70), expandAll(job, id, 33)]);
    expect(await expandAll(job, id)).toBe("sending");
    const rows = await messagesOf(id);
    expect(rows).toHaveLength(250);
    expect(new Set(rows.map((row) => row.msisdn)).size).toBe(250);
    expect(rows[0]).toMatchObject({ msisdn: "84912000000", text: "Hi Name 1" });
    expect(rows.at(-1)).toMatchObject({ msisdn: "84912000249", text: "Hi Name 250" });
    expect(await spentOf(tree.subaccount.id)).toEqual({ held: 250n, spent: 0n });
  });

  it("sends once when a step whose answer was lost runs again: progress undone, same ids, no second charge", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id, job } = await launch(tree, { rows: 30 });
    await expandCampaign(job, { campaignId: id, fromOrdinal: 1, limit: 20 });
    await db.sql`update campaigns set expanded_to = 5 where id = ${id}`;
    expect(await expandAll(job, id)).toBe("sending");
    const { launchedAt } = await getCampaign(ctx, { id });
    const rows = await messagesOf(id);
    expect(rows.map((r) => r.id)).toEqual(rows.map((_, i) => derivedId(launchedAt?.getTime() ?? 0, id, i + 1)));
    expect(rows).toHaveLength(30);
    expect(await spentOf(tree.subaccount.id)).toEqual({ held: 30n, spent: 0n });
  });

  it("is for jobs of the campaign's tenant only", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id } = await launch(tree, { rows: 1 });
    const chunk = { campaignId: id, fromOrdinal: 1 };
    await expect(expandCampaign(ctx, chunk)).rejects.toMatchObject({ kind: "forbidden" });
    await expect(expandCampaign(jobFor(db, tree.sibling.id), chunk)).rejects.toMatchObject({
      code: "campaign_not_found",
    });
    await expect(takeBackUnsent(ctx, { campaignId: id })).rejects.toMatchObject({ kind: "forbidden" });
    await expect(resumeHeldCampaigns(ctx)).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("keeps what was refused, with the reason, and charges the others exactly what the quote said", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const list = await makeList(
      ctx,
      [
        "name,phone",
        "An,0912000001",
        "Bo,0912000002",
        `${"Ế".repeat(70)},0912000003`,
        `${"x".repeat(990)},0912000004`,
      ].join("\n"),
    );
    const { id } = await makeCampaign(ctx, tree, { listId: list.id, template: "{{name}} {{name}}" });
    await addOptOuts(ctx, { numbers: ["0912000002"] });
    const quote = await quoteCampaign(ctx, { id });
    expect(quote.refused.map((r) => r.code).sort()).toEqual(["opted_out", "text_too_long"]);
    await submitCampaign(ctx, { id });
    const job = jobFor(db, tree.subaccount.id);
    expect(await expandAll(job, id)).toBe("sending");
    expect((await listRefusals(ctx, { id })).items).toEqual([
      { ordinal: 2, msisdn: "84912000002", code: "opted_out" },
      { ordinal: 4, msisdn: "84912000004", code: "text_too_long" },
    ]);
    let csv = "";
    for await (const piece of exportRefusals(ctx, { id })) csv += piece;
    expect(csv).toContain("2,+84912000002,opted_out\r\n");
    expect(await spentOf(tree.subaccount.id)).toEqual({ held: BigInt(quote.parts), spent: 0n });
    const [held] = await db.sql<{ balance: bigint }[]>`
      select a.balance from ledger_accounts a join orders o on o.id = a.order_id
      where o.buyer_id = ${tree.subaccount.id} and a.kind = 'held' and a.unit = 'VND'`;
    expect([{ currency: "VND", micros: held?.balance }]).toEqual(quote.money?.cost);
  });
});

describe("pause, resume and stop", () => {
  it("pauses between chunks, never inside one, and goes on where it stood", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id, job } = await launch(tree, { rows: 200 });
    const running = expandAll(job, id, 10);
    const paused = await pauseCampaign(ctx, { id });
    expect((await pauseCampaign(ctx, { id })).status).toBe("paused");
    expect(await running).toBe("paused");
    const { expandedTo } = await getCampaign(ctx, { id });
    expect(expandedTo).toBe(paused.expandedTo);
    expect(await messagesOf(id)).toHaveLength(expandedTo);
    const free = () => db.sql`select 1 from send_queue where campaign_id = ${id} and not is_held`;
    expect(await free()).toHaveLength(0);
    expect(await expandAll(job, id)).toBe("paused");
    await resumeCampaign(ctx, { id });
    expect((await resumeCampaign(ctx, { id })).status).toBe("running");
    expect(await free()).toHaveLength(expandedTo);
    expect(await expandAll(job, id)).toBe("sending");
    expect(await messagesOf(id)).toHaveLength(200);
    expect(await eventsOf(db, id)).toEqual(["campaigns/campaign.launch", "campaigns/campaign.launch"]);
  });

  it("stops in the middle: what workers hold may end, everything else is taken back and free again", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id, job } = await launch(tree, { rows: 300 });
    await expandCampaign(job, { campaignId: id, fromOrdinal: 1, limit: 100 });
    const first = (await messagesOf(id)).map((row) => row.id);
    await end(job, first.slice(0, 30), "delivered");
    await db.sql`update send_queue set lease_owner = 'worker', leased_at = now() where message_id = any(${first.slice(30, 35)}::uuid[])`;
    const running = expandAll(job, id, 20);
    expect((await stopCampaign(ctx, { id })).status).toBe("stopped");
    expect(await running).toBe("stopped");
    expect(await db.sql`select 1 from send_queue where campaign_id = ${id} and not is_held`).toHaveLength(0);
    const { remaining } = await takeBackUnsent(job, { campaignId: id });
    expect(remaining).toBe(5);
    await end(job, first.slice(30, 35), "delivered");
    expect((await takeBackUnsent(job, { campaignId: id })).remaining).toBe(0);
    await foldAll();
    const progress = await getProgress(ctx, { id });
    const accepted = (await getCampaign(ctx, { id })).expandedTo;
    expect(progress).toMatchObject({
      status: "stopped",
      accepted,
      sent: 35,
      delivered: 35,
      failed: accepted - 35,
      queued: 0,
    });
    expect(await spentOf(tree.subaccount.id)).toEqual({ held: 0n, spent: 35n });
    expect(await expandAll(job, id)).toBe("stopped");
  });
});
