/** Policies, filters and the queue: who may set, see and decide what. */
import { describe, expect, it } from "vitest";
import { getCase, listCases } from "#server/domain/moderation/cases.ts";
import { decideCase } from "#server/domain/moderation/decide-case.ts";
import { createFilter, deleteFilter, listFilters } from "#server/domain/moderation/filters.ts";
import { type OpenCase, openCase, withdrawCase } from "#server/domain/moderation/open-case.ts";
import { getPolicy, setPolicy } from "#server/domain/moderation/policy.ts";
import { screenTexts } from "#server/domain/moderation/screen.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { asSystem, inTransaction } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const as = (tenant: Tenant, role: Parameters<typeof contextFor>[2] = "moderator") => contextFor(db, tenant.id, role);
const screen = (tenant: Tenant, text: string) =>
  asSystem(as(tenant), (ctx) =>
    screenTexts(ctx, { tenantId: tenant.id, ancestors: tenant.ancestors, texts: [text] }),
  ).then(([verdict]) => verdict);

const content = (tenant: Tenant, policy: Tenant, changes: Partial<OpenCase> = {}): OpenCase => ({
  tenantId: tenant.id,
  subjectType: "campaign",
  subjectId: newId(),
  senderName: "Acme",
  sampleText: "Sale today",
  recipientCount: 1_000,
  cause: "policy",
  policyTenantId: policy.id,
  ...changes,
});
const open = (tenant: Tenant, input: OpenCase) => inTransaction(as(tenant), (ctx) => openCase(ctx, input));

describe("policy", () => {
  it("holds at once for everything below, and below it cannot be loosened or its author seen", async () => {
    const tree = await makeTree(db);
    await setPolicy(as(tree.company), { tenantId: tree.company.id, mode: "always" });
    const below = await setPolicy(as(tree.subaccount), { tenantId: tree.subaccount.id, mode: "off" });
    const provider = { by: "provider" };
    expect(below).toEqual({ tenantId: tree.subaccount.id, own: "off", effective: "always", setBy: provider });
    expect(await screen(tree.subaccount, "hi")).toMatchObject({ action: "review", policyTenantId: tree.company.id });
    await setPolicy(as(tree.company), { tenantId: tree.company.id, mode: "filters" });
    expect(await screen(tree.subaccount, "hi")).toEqual({ action: "pass" });
    expect(await getPolicy(as(tree.aggregator), { tenantId: tree.partner.id })).toMatchObject({ effective: "filters" });
  });

  it("set on a tenant from above is a floor for that tenant's own people, and for tenants in the middle", async () => {
    const tree = await makeTree(db);
    const tenantId = tree.subaccount.id;
    await setPolicy(as(tree.company), { tenantId, mode: "always" });
    for (const below of [tree.subaccount, tree.partner]) {
      const policy = await setPolicy(as(below), { tenantId, mode: "off" });
      expect(policy).toEqual({ tenantId, own: "off", effective: "always", setBy: { by: "provider" } });
      expect(JSON.stringify(policy)).not.toContain(tree.company.id);
    }
    expect(await screen(tree.subaccount, "hi")).toMatchObject({ action: "review", policyTenantId: tree.company.id });
    expect(await screen(tree.partner, "hi")).toEqual({ action: "pass" });
    for (const above of [tree.company, tree.aggregator]) {
      expect(await getPolicy(as(above), { tenantId })).toMatchObject({
        effective: "always",
        setBy: { by: "tenant", tenantId: tree.company.id, name: tree.company.name },
      });
    }
    const lowered = await setPolicy(as(tree.company), { tenantId, mode: "off" });
    expect(lowered).toEqual({ tenantId, own: "off", effective: "off", setBy: null });
    expect(await screen(tree.subaccount, "hi")).toEqual({ action: "pass" });
  });

  it("of a tenant's own stays when somebody above lowers a floor", async () => {
    const tree = await makeTree(db);
    const tenantId = tree.subaccount.id;
    await setPolicy(as(tree.subaccount), { tenantId, mode: "filters" });
    await setPolicy(as(tree.partner), { tenantId, mode: "always" });
    await setPolicy(as(tree.partner), { tenantId, mode: "off" });
    expect(await getPolicy(as(tree.subaccount), { tenantId })).toEqual({
      tenantId,
      own: "filters",
      effective: "filters",
      setBy: { by: "tenant", tenantId, name: tree.subaccount.name },
    });
  });

  it("is refused to other roles and other tenants", async () => {
    const tree = await makeTree(db);
    await expect(
      setPolicy(as(tree.company, "sender"), { tenantId: tree.company.id, mode: "off" }),
    ).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.company, tree.sibling, tree.stranger]) {
      const outside = { code: "tenant_not_found" };
      const tenantId = other.id;
      await expect(setPolicy(as(tree.partner), { tenantId, mode: "off" })).rejects.toMatchObject(outside);
      await expect(getPolicy(as(tree.partner), { tenantId })).rejects.toMatchObject(outside);
      await expect(listFilters(as(tree.partner), { tenantId })).rejects.toMatchObject(outside);
    }
  });
});

describe("filters", () => {
  it("count at once, are written once, and stop when deleted", async () => {
    const tree = await makeTree(db);
    await setPolicy(as(tree.partner), { tenantId: tree.partner.id, mode: "filters" });
    const input = { id: newId(), tenantId: tree.partner.id, phrase: "cờ bạc", action: "block" as const };
    await createFilter(as(tree.partner), input);
    await createFilter(as(tree.partner), input);
    expect(await screen(tree.subaccount, "danh CO BAC")).toEqual({ action: "block", cause: "phrase:cờ bạc" });
    expect(await listFilters(as(tree.partner), { tenantId: tree.partner.id })).toHaveLength(1);
    expect(await listFilters(as(tree.subaccount), { tenantId: tree.subaccount.id })).toEqual([]);
    for (const other of [tree.subaccount, tree.sibling, tree.stranger]) {
      await expect(deleteFilter(as(other), { id: input.id })).rejects.toMatchObject({ code: "filter_not_found" });
    }
    await expect(createFilter(as(tree.sibling), input)).rejects.toMatchObject({ code: "tenant_not_found" });
    await expect(createFilter(as(tree.sibling), { ...input, tenantId: tree.sibling.id })).rejects.toMatchObject({
      code: "filter_id_taken",
    });
    await deleteFilter(as(tree.company), { id: input.id });
    await expect(deleteFilter(as(tree.company), { id: input.id })).rejects.toMatchObject({ code: "filter_not_found" });
    expect(await screen(tree.subaccount, "co bac")).toEqual({ action: "pass" });
  });

  it("set on a tenant from above are shown to it, and not taken away by it", async () => {
    const tree = await makeTree(db);
    const { id: tenantId } = tree.subaccount;
    await setPolicy(as(tree.company), { tenantId, mode: "filters" });
    const input = { id: newId(), tenantId, phrase: "casino", action: "review" as const };
    await createFilter(as(tree.company), input);
    for (const below of [tree.subaccount, tree.partner]) {
      const seen = await listFilters(as(below), { tenantId });
      expect(seen).toMatchObject([{ id: input.id, isSetAbove: true }]);
      expect(JSON.stringify(seen)).not.toContain(tree.company.id);
      await expect(deleteFilter(as(below), { id: input.id })).rejects.toMatchObject({ code: "filter_set_above" });
    }
    expect(await screen(tree.subaccount, "casino")).toMatchObject({ policyTenantId: tree.company.id });
    expect(await listFilters(as(tree.aggregator), { tenantId })).toMatchObject([{ isSetAbove: false }]);
    await deleteFilter(as(tree.aggregator), { id: input.id });
  });

  it("need two letters, and a role that may write them", async () => {
    const tree = await makeTree(db);
    const input = { id: newId(), tenantId: tree.partner.id, phrase: "a !", action: "review" as const };
    await expect(createFilter(as(tree.partner), input)).rejects.toMatchObject({ code: "phrase_too_short" });
    await expect(createFilter(as(tree.partner, "finance"), { ...input, phrase: "abc" })).rejects.toMatchObject({
      kind: "forbidden",
    });
    await expect(deleteFilter(as(tree.partner, "finance"), { id: newId() })).rejects.toMatchObject({
      kind: "forbidden",
    });
  });
});

describe("cases", () => {
  it("are opened once a subject, and asked again only when told so", async () => {
    const tree = await makeTree(db);
    const input = content(tree.subaccount, tree.company);
    const first = await open(tree.subaccount, input);
    expect((await open(tree.subaccount, input)).id).toBe(first.id);
    await decideCase(as(tree.company), { id: first.id, decision: "rejected", reason: "Misleading" });
    expect((await open(tree.subaccount, input)).status).toBe("rejected");
    const again = await open(tree.subaccount, { ...input, sampleText: "Sale tomorrow", reopen: true });
    expect(again).toMatchObject({ id: first.id, status: "open", sampleText: "Sale tomorrow", decisionReason: null });
    await inTransaction(as(tree.subaccount), (ctx) => withdrawCase(ctx, input));
    expect(await getCase(as(tree.company), { id: first.id })).toMatchObject({ status: "withdrawn" });
    const events = await db.sql`select name from outbox where data->>'caseId' = ${first.id} order by id`;
    expect(events.map((e) => e.name)).toEqual([
      "moderation/case.opened",
      "moderation/case.decided",
      "moderation/case.opened",
    ]);
  });

  it("are decided by the policy's tenant or above it, not by the content's owner or those between", async () => {
    const tree = await makeTree(db);
    for (const who of [tree.company, tree.aggregator]) {
      const { id } = await open(tree.subaccount, content(tree.subaccount, tree.company));
      const approve = { id, decision: "approved" as const };
      for (const below of [tree.subaccount, tree.partner]) {
        await expect(decideCase(as(below), approve)).rejects.toMatchObject({ code: "case_decided_above" });
        expect((await listCases(as(below), { mineToDecide: true })).items).toEqual([]);
        expect(await getCase(as(below), { id })).toMatchObject({ isMineToDecide: false });
      }
      for (const other of [tree.sibling, tree.stranger]) {
        await expect(decideCase(as(other), approve)).rejects.toMatchObject({ code: "case_not_found" });
        await expect(getCase(as(other), { id })).rejects.toMatchObject({ code: "case_not_found" });
        expect((await listCases(as(other), {})).items).toEqual([]);
      }
      await expect(decideCase(as(who, "sender"), approve)).rejects.toMatchObject({ kind: "forbidden" });
      expect((await listCases(as(who), { status: "open", mineToDecide: true })).items.map((c) => c.id)).toEqual([id]);
      expect(await decideCase(as(who), approve)).toMatchObject({ status: "approved", isMineToDecide: false });
    }
  });

  it("of an own policy are decided by its own moderators", async () => {
    const tree = await makeTree(db);
    const { id } = await open(tree.partner, content(tree.partner, tree.partner));
    await expect(decideCase(as(tree.partner), { id, decision: "approved" })).resolves.toMatchObject({
      status: "approved",
    });
  });

  it("need a reason to be rejected, and are decided exactly once", async () => {
    const tree = await makeTree(db);
    const { id } = await open(tree.subaccount, content(tree.subaccount, tree.company));
    await expect(decideCase(as(tree.company), { id, decision: "rejected" })).rejects.toMatchObject({
      detail: { field: "reason" },
    });
    const tries = await Promise.allSettled([
      decideCase(as(tree.company), { id, decision: "approved" }),
      decideCase(as(tree.aggregator), { id, decision: "rejected", reason: "Misleading" }),
      decideCase(as(tree.company), { id, decision: "approved" }),
    ]);
    expect(tries.filter((t) => t.status === "rejected").length).toBeGreaterThan(0);
    const [count] = await db.sql`
      select count(*)::int as n from outbox where data->>'caseId' = ${id} and name = 'moderation/case.decided'`;
    expect(count?.n).toBe(1);
    const seen = await getCase(as(tree.subaccount), { id });
    expect(seen).not.toHaveProperty("policyTenantId");
    expect(JSON.stringify(seen)).not.toContain(tree.company.id);
  });
});
