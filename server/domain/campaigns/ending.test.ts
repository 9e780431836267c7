/** Campaigns that must wait, for an order or a tenant, and how they end. */
import { describe, expect, it } from "vitest";
import { finishCampaigns } from "#server/domain/campaigns/finish.ts";
import { getCampaign } from "#server/domain/campaigns/get.ts";
import { getProgress } from "#server/domain/campaigns/progress.ts";
import { listRefusals } from "#server/domain/campaigns/refusals.ts";
import { resumeHeldCampaigns } from "#server/domain/campaigns/resume-held.ts";
import { addOptOuts } from "#server/domain/contacts/add-opt-outs.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { resumeTenant } from "#server/domain/tenants/resume.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { asSystem } from "#server/kernel/context.ts";
import { eventsOf, jobFor, makeList, nameRows } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { sellOrder } from "#tests/money.ts";
import { campaignsIn } from "#tests/running-campaigns.ts";
import { makeSendingTree } from "#tests/sending.ts";

const db = await testDatabase(12);

const { launch, expandAll, messagesOf, end, foldAll, spentOf } = campaignsIn(db);

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

  it("expands 10,000 recipients", async () => {
    const tree = await makeSendingTree(db);
    const { id, job } = await launch(tree, {
      listId: (await makeList(contextFor(db, tree.subaccount.id), nameRows(10_000))).id,
    });
    expect(await expandAll(job, id, 2_500)).toBe("sending");
    const [row] = await db.sql`select count(*)::int as n from messages where campaign_id = ${id}`;
    expect(row).toEqual({ n: 10_000 });
  });
});
