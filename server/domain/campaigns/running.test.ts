/** Campaigns under way: expansion that runs twice, races with pause and stop, orders that end, completion, exact money. */
import { describe, expect, it } from "vitest";
import { expandCampaign } from "#server/domain/campaigns/expand.ts";
import { finishCampaigns } from "#server/domain/campaigns/finish.ts";
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
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { foldReports } from "#server/domain/reports/fold.ts";
import { resumeTenant } from "#server/domain/tenants/resume.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { derivedId } from "#server/kernel/id.ts";
import { eventsOf, jobFor, makeCampaign, makeList, nameRows } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { sellOrder } from "#tests/money.ts";
import { makeSendingTree, type SendingTree } from "#tests/sending.ts";

const db = await testDatabase(12);

async function launch(tree: SendingTree, options: Parameters<typeof makeCampaign>[2]) {
  const ctx = contextFor(db, tree.subaccount.id);
  const { id } = await makeCampaign(ctx, tree, options);
  await submitCampaign(ctx, { id });
  return { ctx, id, job: jobFor(db, tree.subaccount.id) };
}

/** As the job does. */
async function expandAll(job: Context, campaignId: string, limit = 5_000): Promise<string> {
  for (let fromOrdinal = 1; ; ) {
    const { status, nextOrdinal } = await expandCampaign(job, { campaignId, fromOrdinal, limit });
    if (status !== "running") return status;
    fromOrdinal = nextOrdinal;
  }
}

const messagesOf = async (campaignId: string) =>
  db.sql<{ id: string; msisdn: string; text: string; status: MessageStatus }[]>`
    select id, msisdn, text, status from messages where campaign_id = ${campaignId} order by id`;

/** As a worker and a carrier would: taken from the queue, then this status. */
async function end(job: Context, ids: readonly string[], status: MessageStatus): Promise<void> {
  await asSystem(job, async (ctx) => {
    await applyTransitions(
      ctx,
      ids.map((messageId) => ({ messageId, status: "sent" as const })),
    );
    await applyTransitions(
      ctx,
      ids.map((messageId) => ({ messageId, status })),
    );
    await ctx.tx.sql`delete from send_queue where message_id = any(${[...ids]}::uuid[])`;
  });
}

async function foldAll(): Promise<void> {
  while ((await foldReports({ db })) > 0);
}

const spentOf = async (orderBuyer: string) => {
  const rows = await db.sql<{ kind: string; unit: string; balance: bigint }[]>`
    select a.kind, a.unit, a.balance from ledger_accounts a join orders o on o.id = a.order_id
    where o.buyer_id = ${orderBuyer} and a.unit = 'PARTS' and a.kind in ('held', 'spent')`;
  return Object.fromEntries(rows.map((row) => [row.kind, row.balance]));
};

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

describe("a campaign that must wait", () => {
  it("is held when the order is used up, and goes on at the same recipient after a new one", async () => {
    const tree = await makeSendingTree(db);
    await db.sql`update orders set status = 'closed' where buyer_id = ${tree.subaccount.id}`;
    const sell = (partsLimit: bigint) =>
      sellOrder(db, {
        seller: tree.partner,
        buyer: tree.subaccount,
        prices: 700_000_000n,
        partsLimit,
        amountMicros: null,
      });
    await sell(25n);
    const { ctx, id, job } = await launch(tree, { rows: 60 });
    expect(await expandAll(job, id, 20)).toBe("held");
    expect(await getCampaign(ctx, { id })).toMatchObject({
      expandedTo: 25,
      refusedCount: 0,
      statusReason: "order_used_up",
    });
    expect(await resumeHeldCampaigns(job)).toBe(0);
    await sell(100n);
    expect(await resumeHeldCampaigns(job)).toBe(1);
    expect(await expandAll(job, id, 20)).toBe("sending");
    const rows = await messagesOf(id);
    expect(rows).toHaveLength(60);
    expect(new Set(rows.map((row) => row.msisdn)).size).toBe(60);
    expect((await listRefusals(ctx, { id })).items).toEqual([]);
    expect(await eventsOf(db, id)).toContain("campaigns/campaign.held");
  });

  it("is held while a tenant above it is suspended", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id, job } = await launch(tree, { rows: 10 });
    await suspendTenant(contextFor(db, tree.aggregator.id), { id: tree.company.id, reason: "invoice overdue" });
    expect(await expandAll(job, id)).toBe("held");
    expect((await getCampaign(ctx, { id })).statusReason).toBe("tenant_suspended");
    expect(await resumeHeldCampaigns(jobFor(db, tree.company.id))).toBe(0);
    await resumeTenant(contextFor(db, tree.aggregator.id), { id: tree.company.id });
    expect(await resumeHeldCampaigns(jobFor(db, tree.sibling.id))).toBe(0);
    expect(await resumeHeldCampaigns(jobFor(db, tree.company.id))).toBe(1);
    expect(await expandAll(job, id)).toBe("sending");
    expect(await messagesOf(id)).toHaveLength(10);
  });
});

describe("completion", () => {
  it("comes with the last receipt, counts what nobody knows, and never twice", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id, job } = await launch(tree, { rows: 20 });
    await expandAll(job, id);
    const ids = (await messagesOf(id)).map((row) => row.id);
    const finish = async () => {
      await foldAll();
      return finishCampaigns({ db, clock: systemClock });
    };
    expect(await finish()).toBe(0);
    expect(await getProgress(ctx, { id })).toMatchObject({
      recipients: 20,
      expanded: 20,
      accepted: 20,
      queued: 20,
      sent: 0,
    });
    await end(job, ids.slice(0, 15), "delivered");
    await end(job, ids.slice(15, 18), "undelivered");
    expect(await finish()).toBe(0);
    await asSystem(job, async (inTx) => {
      await applyTransitions(
        inTx,
        ids.slice(18).map((messageId) => ({ messageId, status: "unknown" as const })),
      );
    });
    expect(await finish()).toBe(1);
    expect(await finish()).toBe(0);
    expect(await getCampaign(ctx, { id })).toMatchObject({ status: "completed", statusReason: "unknown:2" });
    expect(await getProgress(ctx, { id })).toMatchObject({ status: "completed", delivered: 15, failed: 3, unknown: 2 });
    expect(await eventsOf(db, id)).toEqual(["campaigns/campaign.launch", "campaigns/campaign.completed"]);
    expect(await spentOf(tree.subaccount.id)).toEqual({ held: 2n, spent: 15n });
  });

  it("completes a campaign of which everybody was refused", async () => {
    const tree = await makeSendingTree(db);
    const { ctx, id, job } = await launch(tree, { rows: 2 });
    await addOptOuts(ctx, { numbers: ["0912000000", "0912000001"] });
    expect(await expandAll(job, id)).toBe("sending");
    expect(await finishCampaigns({ db, clock: systemClock })).toBe(1);
    expect(await getProgress(ctx, { id })).toMatchObject({ status: "completed", refused: 2, accepted: 0 });
  });

  it("expands 10,000 recipients in seconds", async () => {
    const tree = await makeSendingTree(db);
    const { id, job } = await launch(tree, {
      listId: (await makeList(contextFor(db, tree.subaccount.id), nameRows(10_000))).id,
    });
    expect(await expandAll(job, id, 2_500)).toBe("sending");
    const [row] = await db.sql`select count(*)::int as n from messages where campaign_id = ${id}`;
    expect(row).toEqual({ n: 10_000 });
  });
});
