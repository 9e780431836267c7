/** Sender names: registered, approved up the tree, required at sending, taken back at once. */
import { describe, expect, it } from "vitest";
import { authorizeSender } from "#server/domain/senders/authorize.ts";
import { decideSender } from "#server/domain/senders/decide.ts";
import { getSender } from "#server/domain/senders/get.ts";
import { listSenders } from "#server/domain/senders/list.ts";
import { likeness } from "#server/domain/senders/look-alike.ts";
import { registerSender } from "#server/domain/senders/register.ts";
import { revokeSender } from "#server/domain/senders/revoke.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const purpose = "Order updates for customers";
const as = (tenant: Tenant, role: Parameters<typeof contextFor>[2] = "owner") => contextFor(db, tenant.id, role);
const register = (tenant: Tenant, name: string, id = newId()) => registerSender(as(tenant), { id, name, purpose });
const usable = async (tenant: Tenant, ...names: string[]) => [
  ...(await asSystem(as(tenant), (ctx) => authorizeSender(ctx, { tenantId: tenant.id, names }))).keys(),
];

describe("registering", () => {
  it.each(["AB", "ABCDEFGHIJKL", "12345", "Phở24", "a*b*c", "ab  c", "<b>x</b>", "1.2-3"])(
    "refuses %s",
    async (name) => {
      const tree = await makeTree(db);
      await expect(register(tree.partner, name)).rejects.toMatchObject({ detail: { field: "name" } });
    },
  );

  it("is harmless to repeat, and takes a name once whatever its case", async () => {
    const tree = await makeTree(db);
    const id = newId();
    const first = await register(tree.partner, "Acme Shop", id);
    const again = await register(tree.partner, "Acme Shop", id);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ status: "pending", isAwaitingMe: false });
    expect(first).not.toHaveProperty("reviewerTenantId");
    await expect(
      registerSender(as(tree.partner), { id: newId(), name: "ACME SHOP", purpose: "another" }),
    ).rejects.toMatchObject({ code: "sender_name_taken" });
    await expect(register(tree.sibling, "Other", id)).rejects.toMatchObject({ code: "sender_id_taken" });
    const [count] = await db.sql`select count(*)::int as n from outbox where data->>'senderId' = ${id}`;
    expect(count?.n).toBe(1);
  });

  it("approves a root's names at once", async () => {
    const tree = await makeTree(db);
    expect(await register(tree.aggregator, "Hub")).toMatchObject({ status: "approved" });
    expect(await usable(tree.aggregator, "HUB", "other")).toEqual(["hub"]);
    expect(await usable(tree.company, "Hub")).toEqual([]);
  });

  it("refuses other roles and other tenants", async () => {
    const tree = await makeTree(db);
    const input = { id: newId(), name: "Acme", purpose };
    await expect(registerSender(as(tree.partner, "viewer"), input)).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.company, tree.sibling, tree.stranger]) {
      await expect(registerSender(as(tree.partner), { ...input, tenantId: other.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    }
  });
});

describe("deciding", () => {
  it("asks the parent, then every tenant above in turn, and only then lets the name be used", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.subaccount, "Acme");
    const decide = (tenant: Tenant) => decideSender(as(tenant, "moderator"), { id, decision: "approved" });
    expect((await listSenders(as(tree.partner, "moderator"), { view: "awaiting" })).items).toHaveLength(1);
    expect(await decide(tree.partner)).toMatchObject({ status: "pending", isAwaitingMe: false });
    expect(await decide(tree.partner)).toMatchObject({ status: "pending" });
    expect(await usable(tree.subaccount, "Acme")).toEqual([]);
    expect(await decide(tree.company)).toMatchObject({ status: "pending" });
    await expect(
      decideSender(as(tree.partner), { id, decision: "rejected", reason: "changed my mind" }),
    ).rejects.toMatchObject({ code: "sender_not_awaiting" });
    expect(await decide(tree.aggregator)).toMatchObject({ status: "approved" });
    expect(await usable(tree.subaccount, "acme", "ACME")).toEqual(["acme"]);
    const events = await db.sql`select name from outbox where data->>'senderId' = ${id} order by id`;
    expect(events.map((e) => e.name)).toEqual([
      "senders/sender.awaited",
      "senders/sender.awaited",
      "senders/sender.awaited",
      "senders/sender.decided",
    ]);
  });

  it("lets a tenant further up decide for those below it, and a root for all", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.subaccount, "Acme");
    expect((await listSenders(as(tree.aggregator), { view: "awaiting" })).items.map((s) => s.id)).toContain(id);
    expect(await decideSender(as(tree.aggregator), { id, decision: "approved" })).toMatchObject({ status: "approved" });
  });

  it("never lets the registrant decide, nor others who cannot see it, nor a role that may not", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.partner, "Acme");
    const approve = { id, decision: "approved" as const };
    await expect(decideSender(as(tree.partner), approve)).rejects.toMatchObject({ code: "sender_decided_above" });
    await expect(decideSender(as(tree.company, "sender"), approve)).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.subaccount, tree.sibling, tree.stranger]) {
      await expect(decideSender(as(other), approve)).rejects.toMatchObject({ code: "sender_not_found" });
      await expect(getSender(as(other), { id })).rejects.toMatchObject({ code: "sender_not_found" });
      await expect(revokeSender(as(other), { id, reason: "not mine" })).rejects.toMatchObject({
        code: "sender_not_found",
      });
      expect((await listSenders(as(other), { view: "subtree" })).items).toEqual([]);
    }
  });

  it("rejects with a reason, after which the name can be registered anew", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.partner, "Acme");
    await expect(decideSender(as(tree.company), { id, decision: "rejected" })).rejects.toMatchObject({
      detail: { field: "reason" },
    });
    const rejected = await decideSender(as(tree.company), { id, decision: "rejected", reason: "No such company." });
    expect(rejected).toMatchObject({ status: "rejected", decisionReason: "No such company." });
    const again = await registerSender(as(tree.partner), { id: newId(), name: "ACME", purpose: "With papers now" });
    expect(again).toMatchObject({ id, name: "ACME", status: "pending", decisionReason: null });
    await decideSender(as(tree.aggregator), { id, decision: "approved" });
    expect(await usable(tree.partner, "acme")).toEqual(["acme"]);
  });

  it("decides once when two reviewers press at the same moment", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.company, "Acme");
    await Promise.allSettled([
      decideSender(as(tree.aggregator), { id, decision: "approved" }),
      decideSender(as(tree.aggregator), { id, decision: "rejected", reason: "not this one" }),
    ]);
    const [row] = await db.sql`select count(*)::int as n from sender_decisions where sender_id = ${id}`;
    expect(row?.n).toBe(1);
  });

  it("shows the registrant the decisions, but not who stands above", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.subaccount, "Acme");
    await decideSender(as(tree.partner), { id, decision: "approved" });
    await decideSender(as(tree.aggregator), { id, decision: "rejected", reason: "No papers." });
    const below = await getSender(as(tree.subaccount), { id });
    expect(below.decisions.map((d) => [d.decision, d.decider])).toEqual([
      ["rejected", null],
      ["approved", null],
    ]);
    expect(JSON.stringify(below)).not.toContain(tree.aggregator.id);
    const between = await getSender(as(tree.partner), { id });
    expect(between.decisions.map((d) => d.decider)).toEqual([null, "Partner"]);
  });
});

describe("revoking", () => {
  it("stops the name at once, from any tenant above, and twice is once", async () => {
    const tree = await makeTree(db);
    const { id } = await register(tree.subaccount, "Acme");
    await decideSender(as(tree.aggregator), { id, decision: "approved" });
    await revokeSender(as(tree.company), { id, reason: "Complaints." });
    await revokeSender(as(tree.company), { id, reason: "Complaints." });
    expect(await usable(tree.subaccount, "Acme")).toEqual([]);
    const decisions = (await getSender(as(tree.company), { id })).decisions;
    expect(decisions.map((d) => d.decision)).toEqual(["revoked", "approved"]);
    await expect(revokeSender(as(tree.company, "support"), { id, reason: "not mine" })).rejects.toMatchObject({
      kind: "forbidden",
    });
  });
});

describe("look-alikes", () => {
  it.each([
    ["PayPal", "PayPaI", "same"],
    ["Vietcombank", "VIETC0MBANK", "same"],
    ["Amazon", "Arnazon", "same"],
    ["Sacombank", "Sacom Bank", "same"],
    ["Acme Shop", "Acme Shops", "similar"],
    ["Techcombank", "Vietcombank", null],
    ["ACB", "VCB", null],
  ])("%s and %s: %s", (a, b, expected) => {
    expect(likeness(a, b)).toBe(expected);
  });

  it("warns the reviewer of names approved for other tenants below it, and nobody else", async () => {
    const tree = await makeTree(db);
    const known = await register(tree.sibling, "PayPal");
    await decideSender(as(tree.aggregator), { id: known.id, decision: "approved" });
    const { id } = await register(tree.subaccount, "PayPaI");
    const seen = await getSender(as(tree.company), { id });
    expect(seen).toMatchObject({
      isAwaitingMe: true,
      lookAlikes: [{ name: "PayPal", tenantName: "Sibling", likeness: "same" }],
    });
    expect((await getSender(as(tree.partner), { id })).lookAlikes).toEqual([]);
    expect((await getSender(as(tree.subaccount), { id })).lookAlikes).toEqual([]);
  });
});
