/** Campaigns before their launch: drafts, the composer's counter, quotes. */
import { describe, expect, it } from "vitest";
import { composeCheck } from "#server/domain/campaigns/compose-check.ts";
import { createCampaign } from "#server/domain/campaigns/create.ts";
import { deleteCampaign } from "#server/domain/campaigns/delete.ts";
import { duplicateCampaign } from "#server/domain/campaigns/duplicate.ts";
import { getCampaign } from "#server/domain/campaigns/get.ts";
import { listCampaigns } from "#server/domain/campaigns/list.ts";
import { quoteCampaign } from "#server/domain/campaigns/quote.ts";
import { retireList } from "#server/domain/campaigns/retire-list.ts";
import { setAudience } from "#server/domain/campaigns/set-audience.ts";
import { stopCampaign } from "#server/domain/campaigns/stop.ts";
import { submitCampaign } from "#server/domain/campaigns/submit.ts";
import { updateCampaign } from "#server/domain/campaigns/update.ts";
import { newId } from "#server/kernel/id.ts";
import { makeCampaign, makeList, nameRows } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { approvedSender, makeSendingTree } from "#tests/sending.ts";

const db = await testDatabase();
const hourMs = 3_600_000;

describe("a draft", () => {
  it("is made, edited, listed, duplicated and deleted, each once however often it is asked", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id, "sender");
    const id = newId();
    const first = await createCampaign(ctx, { id, name: "Tết" });
    expect((await createCampaign(ctx, { id, name: "Tết" })).id).toBe(first.id);
    const senderId = await approvedSender(db, tree.subaccount.id, "SHOP");
    const edited = await updateCampaign(ctx, { id, senderId, template: "Chào {{name|bạn}}!" });
    expect(edited).toMatchObject({ status: "draft", senderId, template: "Chào {{name|bạn}}!", name: "Tết" });
    const list = await makeList(ctx, nameRows(3));
    expect((await setAudience(ctx, { id, listId: list.id })).recipientCount).toBe(3);
    const copyId = newId();
    const copy = await duplicateCampaign(ctx, { id, newId: copyId, name: "Tết again" });
    expect(await duplicateCampaign(ctx, { id, newId: copyId })).toEqual(copy);
    expect(copy).toMatchObject({ status: "draft", template: edited.template, listId: list.id, senderId });
    expect((await listCampaigns(ctx, {})).items.map((c) => c.name)).toEqual(["Tết again", "Tết"]);
    expect((await listCampaigns(ctx, { search: "again", status: ["draft"] })).items).toHaveLength(1);
    expect(await getCampaign(ctx, { id })).toMatchObject({ senderName: "SHOP", fields: ["name"], isOwn: true });
    await deleteCampaign(ctx, { id: copyId });
    await expect(deleteCampaign(ctx, { id: copyId })).rejects.toMatchObject({ code: "campaign_not_found" });
    await expect(updateCampaign(ctx, { id, template: "{{name" })).rejects.toMatchObject({ code: "bad_template" });
    await expect(
      updateCampaign(ctx, { id, scheduledAt: new Date(Date.now() - 1_000), timeZone: "Asia/Ho_Chi_Minh" }),
    ).rejects.toMatchObject({ code: "schedule_in_past" });
    await expect(updateCampaign(ctx, { id, scheduledAt: new Date(Date.now() + hourMs) })).rejects.toMatchObject({
      detail: { field: "timeZone" },
    });
  });

  it("keeps its list from being deleted until it is over", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const campaign = await makeCampaign(ctx, tree, { rows: 2 });
    const listId = campaign.listId ?? "";
    await expect(retireList(ctx, { id: listId })).rejects.toMatchObject({
      code: "list_in_use",
      detail: { campaignId: campaign.id },
    });
    await submitCampaign(ctx, { id: campaign.id });
    await stopCampaign(ctx, { id: campaign.id });
    await retireList(ctx, { id: listId });
    await expect(retireList(ctx, { id: listId })).rejects.toMatchObject({ code: "list_not_found" });
    expect((await getCampaign(ctx, { id: campaign.id })).listId).toBeNull();
  });
});

describe("the composer's counter", () => {
  it("counts the text with fallbacks, the first and the worst recipient, and names unknown variables", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const long = "Nguyễn ".repeat(20).trim();
    const list = await makeList(ctx, ["name,phone", "An,0912000001", `${long},0912000002`, "Bo,0912000003"].join("\n"));
    const checked = await composeCheck(ctx, { template: "Hello {{name|friend}}", listId: list.id });
    expect(checked).toMatchObject({
      variables: ["name"],
      unknown: [],
      template: { encoding: "gsm7", parts: 1, units: 12 },
    });
    expect(checked.samples.map((s) => s.text)).toEqual(["Hello An", `Hello ${long}`, "Hello Bo"]);
    expect(checked.worst).toMatchObject({ ordinal: 2, encoding: "ucs2", parts: 3 });
    expect((await composeCheck(ctx, { template: "{{city}}", listId: list.id })).unknown).toEqual(["city"]);
    expect(await composeCheck(ctx, { template: "" })).toMatchObject({ template: { parts: 0 }, worst: null });
  });
});

describe("a quote", () => {
  it("counts every recipient and shows each viewer its own edges", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    // Rows 1 to 3: one part of GSM-7; row 4: two parts of UCS-2.
    const rows = ["name,phone", "An,0912000001", "Bo,0912000002", "Cy,0971000003", `${"Ế".repeat(70)},0912000004`];
    const list = await makeList(ctx, rows.join("\n"));
    const campaign = await makeCampaign(ctx, tree, { listId: list.id, template: "Hi {{name}}" });
    const quote = await quoteCampaign(ctx, { id: campaign.id });
    expect(quote).toMatchObject({ recipients: 4, messages: 4, parts: 5, refused: [], isExact: true });
    expect(quote.byOperator.map((o) => [o.operatorId, o.messages, o.parts])).toEqual([
      ["vn-vinaphone", 3, 4],
      ["vn-viettel", 1, 1],
    ]);
    expect(quote.money?.cost).toEqual([{ currency: "VND", micros: 5n * 700_000_000n }]);
    expect(quote.money?.sell).toEqual([]);
    const partner = await quoteCampaign(contextFor(db, tree.partner.id), { id: campaign.id });
    expect(partner.money).toMatchObject({
      sell: [{ currency: "VND", micros: 5n * 700_000_000n }],
      cost: [{ currency: "VND", micros: 5n * 600_000_000n }],
      margin: { currency: "VND", micros: 500_000_000n },
    });
    const sender = await quoteCampaign(contextFor(db, tree.subaccount.id, "sender"), { id: campaign.id });
    expect(sender).toMatchObject({ messages: 4, parts: 5, money: null });
  });

  it("says why there would be refusals, and refuses a campaign that could send to nobody", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const list = await makeList(ctx, ["name,phone", `${"x".repeat(990)},0912000001`, "Bo,0912000002"].join("\n"));
    const campaign = await makeCampaign(ctx, tree, { listId: list.id, template: "{{name}} {{name}}" });
    const quote = await quoteCampaign(ctx, { id: campaign.id });
    expect(quote).toMatchObject({ messages: 1, refused: [{ code: "text_too_long", messages: 1 }] });
    await updateCampaign(ctx, { id: campaign.id, template: "y".repeat(1_600) });
    await expect(submitCampaign(ctx, { id: campaign.id })).rejects.toMatchObject({ code: "text_too_long" });
    await updateCampaign(ctx, { id: campaign.id, template: "{{nickname}}" });
    await expect(submitCampaign(ctx, { id: campaign.id })).rejects.toMatchObject({
      code: "unknown_variables",
      detail: { variables: ["nickname"] },
    });
    await db.sql`update orders set status = 'expired' where buyer_id = ${tree.subaccount.id}`;
    await updateCampaign(ctx, { id: campaign.id, template: "Hello" });
    await expect(submitCampaign(ctx, { id: campaign.id })).rejects.toMatchObject({
      kind: "insufficient_funds",
      code: "order_expired",
    });
  });
});
