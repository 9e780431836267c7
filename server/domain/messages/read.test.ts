/** Reading: search by any id, filters, paging, the timeline as each level sees it, export, isolation. */
import { describe, expect, it } from "vitest";
import { exportMessages } from "#server/domain/messages/export.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import { listMessages } from "#server/domain/messages/list.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor } from "#tests/factories.ts";
import { chainPrices } from "#tests/money.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();

/** Three messages of the sub-account, the first one carried under the id 1a2b; one of the sibling. */
async function traffic() {
  const tree = await makeSendingTree(db);
  const batchId = newId();
  const campaignId = newId();
  const items = [itemOf({ reference: "INV-2026/1" }), itemOf(), itemOf({ class: "otp", text: "=1+1" })];
  await send(contextFor(db, tree.subaccount.id), items, { batchId, campaignId, source: "campaign" });
  await send(contextFor(db, tree.sibling.id), [itemOf()]);
  const first = items[0]?.id ?? "";
  await asSystem(contextFor(db, tree.aggregator.id), async (ctx) => {
    await ctx.tx.sql`insert into carrier_refs (message_id, carrier_id, connector_id, tenant_id, part_number, created_at)
      values (${first}, '1a2b', ${tree.connector.id}, ${tree.subaccount.id}, 1, now())`;
    await applyTransitions(ctx, [
      {
        messageId: first,
        status: "sent",
        event: {
          kind: "response",
          partNumber: 1,
          detail: { carrierId: "1a2b", outcome: "accepted", parts: [{ partNumber: 1, carrierId: "1a2b" }] },
        },
      },
    ]);
  });
  return { tree, items, first, batchId, campaignId };
}

const ids = (page: { items: { id: string }[] }) => page.items.map((message) => message.id);

describe("listMessages", () => {
  it("finds by any id and any notation of the number", async () => {
    const { tree, items, first, batchId, campaignId } = await traffic();
    const own = contextFor(db, tree.subaccount.id);
    const all = items.map((item) => item.id).reverse();
    const number = items[0]?.to ?? "";
    const find = async (search: string, ctx = own) => ids(await listMessages(ctx, { search }));
    expect(await find(first)).toEqual([first]);
    expect(await find(first.toUpperCase())).toEqual([first]);
    expect(await find(batchId)).toEqual(all);
    expect(await find(campaignId)).toEqual(all);
    expect(await find("INV-2026/1")).toEqual([first]);
    for (const notation of [number, `+${number}`, `0${number.slice(2)}`, `0${number.slice(2, 4)} ${number.slice(4)}`]) {
      expect(await find(notation)).toEqual([first]);
    }
    expect(await find("nothing of this name")).toEqual([]);
    const above = contextFor(db, tree.aggregator.id);
    for (const form of ["1a2b", "1A2B", "0x001a2b", String(0x1a2b)]) expect(await find(form, above)).toEqual([first]);
    expect(await find("1a2b")).toEqual([]);
  });

  it("filters, pages newest first, and keeps to the tenant asked for", async () => {
    const { tree, items, first } = await traffic();
    const above = contextFor(db, tree.company.id);
    expect((await listMessages(above, {})).items).toHaveLength(4);
    expect((await listMessages(above, { scope: "self" })).items).toHaveLength(0);
    expect((await listMessages(above, { tenantId: tree.subaccount.id, scope: "self" })).items).toHaveLength(3);
    expect(ids(await listMessages(above, { status: ["sent"] }))).toEqual([first]);
    expect(ids(await listMessages(above, { trafficClass: "otp" }))).toEqual([items[2]?.id]);
    expect((await listMessages(above, { sender: "acme", operatorId: "vn-vinaphone" })).items).toHaveLength(4);
    expect((await listMessages(above, { to: new Date(Date.now() - 3_600_000) })).items).toHaveLength(0);
    expect((await listMessages(above, { from: new Date(Date.now() - 3_600_000) })).items).toHaveLength(4);
    const one = await listMessages(above, { limit: 3 });
    const two = await listMessages(above, { limit: 3, ...(one.nextCursor ? { cursor: one.nextCursor } : {}) });
    expect(two.nextCursor).toBeNull();
    const seen = [...ids(one), ...ids(two)];
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it("shows nothing to others, by whatever id", async () => {
    const { tree, items, first, batchId, campaignId } = await traffic();
    for (const outsider of [tree.sibling, tree.stranger]) {
      const ctx = contextFor(db, outsider.id);
      for (const search of [first, batchId, campaignId, items[0]?.to ?? "", "INV-2026/1", "1a2b"]) {
        expect((await listMessages(ctx, { search })).items).toEqual([]);
      }
      await expect(listMessages(ctx, { tenantId: tree.subaccount.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      await expect(getMessage(ctx, { id: first })).rejects.toMatchObject({ code: "message_not_found" });
    }
    await expect(getMessage(contextFor(db, tree.aggregator.id), { id: newId() })).rejects.toMatchObject({
      code: "message_not_found",
    });
  });
});

describe("getMessage", () => {
  it("tells each level its own money, and carriers' details only to those who may see the connector", async () => {
    const { tree, first } = await traffic();
    const seenBy = (tenantId: string) => getMessage(contextFor(db, tenantId), { id: first });
    const own = await seenBy(tree.subaccount.id);
    expect(own).toMatchObject({ status: "sent", connector: null, receipts: [{ partNumber: 1, carrierId: null }] });
    expect(own.money).toMatchObject([
      { hop: 0, totalMicros: chainPrices.subaccount, state: "held", buyerId: tree.subaccount.id },
    ]);
    expect(own.timeline.map((event) => [event.kind, event.detail])).toEqual([
      ["accepted", expect.not.objectContaining({ connectorId: expect.anything() })],
      ["response", { outcome: "accepted" }],
    ]);
    expect(JSON.stringify(own, (_, v) => (typeof v === "bigint" ? String(v) : v))).not.toContain(tree.connector.id);
    expect((await seenBy(tree.partner.id)).money.map((edge) => edge.hop)).toEqual([0, 1]);
    const top = await seenBy(tree.aggregator.id);
    expect(top).toMatchObject({
      connector: { id: tree.connector.id, name: "Carrier" },
      receipts: [{ carrierId: "1a2b" }],
    });
    expect(top.money.map((edge) => edge.hop)).toEqual([0, 1, 2]);
    expect(top.timeline[1]?.detail).toMatchObject({ carrierId: "1a2b" });
  });
});

describe("exportMessages", () => {
  it("writes a page at a time, and no cell can become a formula", async () => {
    const { tree } = await traffic();
    const chunks: string[] = [];
    for await (const chunk of exportMessages(contextFor(db, tree.subaccount.id))) chunks.push(chunk);
    const lines = chunks.join("").trimEnd().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain("id,accepted_at,tenant,sender,to");
    expect(lines[1]?.endsWith(",'=1+1")).toBe(true);
    const refused = exportMessages(contextFor(db, tree.stranger.id), { tenantId: tree.subaccount.id });
    await expect(refused.next()).rejects.toMatchObject({ code: "tenant_not_found" });
  });
});
