/** Campaigns on their way to launch: submitted, decided, scheduled; and what another tenant cannot do. */
import { describe, expect, it } from "vitest";
import { composeCheck } from "#server/domain/campaigns/compose-check.ts";
import { createCampaign } from "#server/domain/campaigns/create.ts";
import { carryOutDecision } from "#server/domain/campaigns/decide.ts";
import { deleteCampaign } from "#server/domain/campaigns/delete.ts";
import { duplicateCampaign } from "#server/domain/campaigns/duplicate.ts";
import { getCampaign } from "#server/domain/campaigns/get.ts";
import { launchScheduled } from "#server/domain/campaigns/launch.ts";
import { listCampaigns } from "#server/domain/campaigns/list.ts";
import { pauseCampaign } from "#server/domain/campaigns/pause.ts";
import { getProgress } from "#server/domain/campaigns/progress.ts";
import { quoteCampaign } from "#server/domain/campaigns/quote.ts";
import { listRefusals } from "#server/domain/campaigns/refusals.ts";
import { resumeCampaign } from "#server/domain/campaigns/resume.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { stopCampaign } from "#server/domain/campaigns/stop.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { wakeCampaigns } from "#server/domain/campaigns/sweep.ts";
import { updateCampaign } from "#server/domain/campaigns/update.ts";
import { withdrawCampaign } from "#server/domain/campaigns/withdraw.ts";
import { decideCase } from "#server/domain/moderation/decide-case.ts";
import { createFilter } from "#server/domain/moderation/filters.ts";
import { setPolicy } from "#server/domain/moderation/policy.ts";
import { newId } from "#server/kernel/id.ts";
import { eventsOf, jobFor, makeCampaign, makeList, nameRows } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { makeSendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const hourMs = 3_600_000;

describe("submitting", () => {
  it("starts at once where nobody has to look, once however often it is asked", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const { id } = await makeCampaign(ctx, tree, { rows: 3 });
    const running = await submitCampaign(ctx, { id });
    expect(running).toMatchObject({ status: "running", recipientCount: 3 });
    expect(running.launchedAt).not.toBeNull();
    expect((await submitCampaign(ctx, { id })).status).toBe("running");
    expect(await eventsOf(db, id)).toEqual(["campaigns/campaign.launch"]);
    await expect(updateCampaign(ctx, { id, template: "Other" })).rejects.toMatchObject({ code: "campaign_status" });
  });

  it("refuses what is missing, a sender that is not approved, and a suspended tenant", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const id = newId();
    await createCampaign(ctx, { id, name: "Empty", template: "Hi" });
    await expect(submitCampaign(ctx, { id })).rejects.toMatchObject({ code: "sender_missing" });
    const { senderId } = await makeCampaign(ctx, tree, { rows: 1 });
    await updateCampaign(ctx, { id, senderId });
    await expect(submitCampaign(ctx, { id })).rejects.toMatchObject({ code: "list_missing" });
    const list = await makeList(ctx, nameRows(1));
    await setAudience(ctx, { id, listId: list.id });
    await db.sql`update senders set status = 'revoked' where id = ${senderId}`;
    await expect(submitCampaign(ctx, { id })).rejects.toMatchObject({ code: "sender_not_approved" });
    await db.sql`update senders set status = 'approved' where id = ${senderId}`;
    await db.sql`update tenants set status = 'suspended' where id = ${tree.company.id}`;
    await expect(submitCampaign(ctx, { id })).rejects.toMatchObject({ code: "tenant_suspended" });
  });

  it("asks the moderators when the policy says so; approval launches, rejection gives the reason, an edit asks again", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    await setPolicy(contextFor(db, tree.company.id), { tenantId: tree.company.id, mode: "always" });
    const { id } = await makeCampaign(ctx, tree, { rows: 2 });
    expect((await submitCampaign(ctx, { id })).status).toBe("in_review");
    expect((await submitCampaign(ctx, { id })).status).toBe("in_review");
    const moderator = contextFor(db, tree.company.id, "moderator");
    const job = jobFor(db, tree.subaccount.id);
    expect((await carryOutDecision(job, { campaignId: id })).status).toBe("in_review");
    const caseOf = async () =>
      (
        await db.sql`select id, status, policy_tenant_id as "policyTenantId", recipient_count as "recipientCount" from moderation_cases where subject_id = ${id}`
      )[0];
    const opened = await caseOf();
    expect(opened).toMatchObject({ status: "open", policyTenantId: tree.company.id, recipientCount: 2 });
    await decideCase(moderator, { id: opened?.id, decision: "rejected", reason: "Name the shop" });
    expect((await carryOutDecision(job, { campaignId: id })).status).toBe("rejected");
    expect(await getCampaign(ctx, { id })).toMatchObject({ status: "rejected", statusReason: "Name the shop" });
    await updateCampaign(ctx, { id, template: "ACME: hello {{name}}" });
    expect((await submitCampaign(ctx, { id })).status).toBe("in_review");
    const again = await caseOf();
    await decideCase(moderator, { id: again?.id, decision: "approved" });
    expect((await carryOutDecision(job, { campaignId: id })).status).toBe("running");
    expect((await carryOutDecision(job, { campaignId: id })).status).toBe("running");
    await expect(carryOutDecision(ctx, { campaignId: id })).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("refuses blocked content, also in the values of the list, and may be withdrawn from review", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const company = contextFor(db, tree.company.id);
    await setPolicy(company, { tenantId: tree.company.id, mode: "filters" });
    await createFilter(company, { id: newId(), tenantId: tree.company.id, phrase: "casino", action: "block" });
    await createFilter(company, { id: newId(), tenantId: tree.company.id, phrase: "loan", action: "review" });
    const list = await makeList(ctx, ["name,phone", "CASlNO,0912000001", "Bo,0912000002"].join("\n"));
    const blocked = await makeCampaign(ctx, tree, { listId: list.id, template: "Visit the casino" });
    await expect(submitCampaign(ctx, { id: blocked.id })).rejects.toMatchObject({ code: "content_blocked" });
    const hidden = await makeCampaign(ctx, tree, { listId: list.id, template: "Visit the {{name}}" });
    await expect(submitCampaign(ctx, { id: hidden.id })).rejects.toMatchObject({ code: "content_blocked" });
    const { id } = await makeCampaign(ctx, tree, { rows: 1, template: "Get a loan" });
    expect((await submitCampaign(ctx, { id })).status).toBe("in_review");
    expect((await withdrawCampaign(ctx, { id })).status).toBe("draft");
    expect((await withdrawCampaign(ctx, { id })).status).toBe("draft");
    expect((await submitCampaign(ctx, { id })).status).toBe("in_review");
    expect((await stopCampaign(ctx, { id })).status).toBe("stopped");
    const cases = await db.sql`select status from moderation_cases where subject_id = ${id}`;
    expect(cases.map((c) => c.status)).toEqual(["withdrawn"]);
  });
});

describe("a schedule", () => {
  it("waits for its hour, launches once, and is left alone when it was moved", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const { id } = await makeCampaign(ctx, tree, { rows: 1 });
    const scheduledAt = new Date(Date.now() + hourMs);
    await updateCampaign(ctx, { id, scheduledAt, timeZone: "Asia/Ho_Chi_Minh" });
    expect((await submitCampaign(ctx, { id })).status).toBe("scheduled");
    expect(await eventsOf(db, id)).toEqual(["campaigns/campaign.scheduled"]);
    const job = jobFor(db, tree.subaccount.id);
    const other = new Date(scheduledAt.getTime() - 60_000);
    expect((await launchScheduled(job, { campaignId: id, scheduledAt: other })).status).toBe("scheduled");
    expect((await launchScheduled(job, { campaignId: id, scheduledAt })).status).toBe("running");
    expect((await launchScheduled(job, { campaignId: id, scheduledAt })).status).toBe("running");
    expect(await eventsOf(db, id)).toEqual(["campaigns/campaign.scheduled", "campaigns/campaign.launch"]);
    await expect(launchScheduled(ctx, { campaignId: id, scheduledAt })).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("is launched by the sweep when nobody came at its hour", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const { id } = await makeCampaign(ctx, tree, { rows: 1 });
    await updateCampaign(ctx, { id, scheduledAt: new Date(Date.now() + hourMs), timeZone: "UTC" });
    await submitCampaign(ctx, { id });
    const later = { now: () => new Date(Date.now() + 2 * hourMs) };
    const job = { ...jobFor(db, tree.subaccount.id), clock: later };
    await wakeCampaigns(job);
    expect((await getCampaign(ctx, { id })).status).toBe("running");
    // A campaign that runs without anybody's work is started again, and then left alone for a while.
    const muchLater = { ...job, clock: { now: () => new Date(Date.now() + 3 * hourMs) } };
    await wakeCampaigns(muchLater);
    await wakeCampaigns(muchLater);
    expect(await eventsOf(db, id)).toEqual([
      "campaigns/campaign.scheduled",
      "campaigns/campaign.launch",
      "campaigns/campaign.launch",
    ]);
  });
});

describe("isolation", () => {
  it("shows a campaign to those above it, lets them pause, resume and stop it, and nobody else know of it", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const { id } = await makeCampaign(ctx, tree, { rows: 2 });
    const above = contextFor(db, tree.company.id);
    expect(await getCampaign(above, { id })).toMatchObject({ isOwn: false, tenantName: "Sub-account" });
    expect((await listCampaigns(above, {})).items).toEqual([]);
    expect((await listCampaigns(above, { scope: "subtree" })).items.map((c) => c.id)).toEqual([id]);
    const missing = { code: "campaign_not_found" };
    for (const verb of [submitCampaign, deleteCampaign, withdrawCampaign]) {
      await expect(verb(above, { id })).rejects.toMatchObject(missing);
    }
    await expect(updateCampaign(above, { id, name: "Mine" })).rejects.toMatchObject(missing);
    await submitCampaign(ctx, { id });
    expect((await pauseCampaign(above, { id })).status).toBe("paused");
    expect((await resumeCampaign(above, { id })).status).toBe("running");
    for (const who of [tree.sibling, tree.stranger]) {
      const other = contextFor(db, who.id);
      const verbs = [getCampaign, getProgress, quoteCampaign, submitCampaign, deleteCampaign, withdrawCampaign];
      for (const verb of [...verbs, pauseCampaign, resumeCampaign, stopCampaign, listRefusals]) {
        await expect(verb(other, { id })).rejects.toMatchObject(missing);
      }
      await expect(setAudience(other, { id, listId: null })).rejects.toMatchObject(missing);
      await expect(duplicateCampaign(other, { id, newId: newId() })).rejects.toMatchObject(missing);
      await expect(createCampaign(other, { id, name: "Mine" })).rejects.toMatchObject({ code: "campaign_id_taken" });
      await expect(
        composeCheck(other, { template: "x", listId: (await getCampaign(ctx, { id })).listId }),
      ).rejects.toMatchObject({ code: "list_not_found" });
      const { senderId } = await getCampaign(ctx, { id });
      await expect(
        createCampaign(other, { id: newId(), name: "Mine", senderId: senderId ?? "" }),
      ).rejects.toMatchObject({ code: "sender_not_found" });
      await expect(listCampaigns(other, { tenantId: tree.subaccount.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    }
    const finance = contextFor(db, tree.subaccount.id, "finance");
    for (const verb of [
      submitCampaign,
      pauseCampaign,
      resumeCampaign,
      stopCampaign,
      deleteCampaign,
      withdrawCampaign,
    ]) {
      await expect(verb(finance, { id })).rejects.toMatchObject({ kind: "forbidden" });
    }
    expect((await stopCampaign(above, { id })).status).toBe("stopped");
    expect((await stopCampaign(above, { id })).status).toBe("stopped");
  });
});
