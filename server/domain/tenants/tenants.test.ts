/** The tree: making, editing, suspending, and what a tenant cannot see. */
import { describe, expect, it } from "vitest";
import { createTenant } from "#server/domain/tenants/create.ts";
import { getTenant } from "#server/domain/tenants/get.ts";
import { listTenants } from "#server/domain/tenants/list.ts";
import { resumeTenant } from "#server/domain/tenants/resume.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { updateTenant } from "#server/domain/tenants/update.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();

describe("tenants", () => {
  it("creates a child, and the same call again returns the same tenant", async () => {
    const tree = await makeTree(db);
    const input = {
      id: newId(),
      parentId: tree.partner.id,
      kind: "subaccount" as const,
      name: "Phở 24",
      currency: "VND",
      country: "VN",
      timeZone: "Asia/Ho_Chi_Minh",
    };
    const first = await createTenant(contextFor(db, tree.partner.id), input);
    const again = await createTenant(contextFor(db, tree.partner.id), input);
    expect(again.id).toBe(first.id);
    expect(first.ancestors).toEqual([tree.aggregator.id, tree.company.id, tree.partner.id, first.id]);
    const rows = await db.sql`select action from audit_log where subject_id = ${first.id}`;
    expect(rows.map((r) => r.action)).toEqual(["tenants.create"]);
  });

  it("lists the own subtree only", async () => {
    const tree = await makeTree(db);
    const names = (await listTenants(contextFor(db, tree.partner.id))).map((t) => t.name);
    expect(names).toEqual(["Partner", "Sub-account"]);
  });

  it.each(["company", "aggregator", "sibling", "stranger"] as const)(
    "does not show or change the %s to a partner",
    async (who) => {
      const tree = await makeTree(db);
      const ctx = contextFor(db, tree.partner.id);
      await expect(getTenant(ctx, { id: tree[who].id })).rejects.toMatchObject({ code: "tenant_not_found" });
      await expect(updateTenant(ctx, { id: tree[who].id, name: "Mine" })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      await expect(suspendTenant(ctx, { id: tree[who].id, reason: "because" })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      await expect(
        createTenant(ctx, {
          id: newId(),
          parentId: tree[who].id,
          kind: "partner",
          name: "Foot in the door",
          currency: "EUR",
          country: "VN",
          timeZone: "UTC",
        }),
      ).rejects.toMatchObject({ code: "tenant_not_found" });
    },
  );

  it("refuses a role that may not, and a tenant that would suspend itself", async () => {
    const tree = await makeTree(db);
    await expect(
      suspendTenant(contextFor(db, tree.company.id, "viewer"), { id: tree.partner.id, reason: "because" }),
    ).rejects.toMatchObject({ kind: "forbidden" });
    await expect(
      suspendTenant(contextFor(db, tree.company.id), { id: tree.company.id, reason: "because" }),
    ).rejects.toMatchObject({ code: "tenant_not_found" });
  });

  it("suspends and resumes, each once however often it is asked", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.company.id);
    await suspendTenant(ctx, { id: tree.partner.id, reason: "invoice overdue" });
    await suspendTenant(ctx, { id: tree.partner.id, reason: "again" });
    expect((await getTenant(ctx, { id: tree.subaccount.id })).isSuspendedAbove).toBe(true);
    await resumeTenant(ctx, { id: tree.partner.id });
    await resumeTenant(ctx, { id: tree.partner.id });
    const events = await db.sql`select name from outbox where tenant_id = ${tree.partner.id} order by id`;
    expect(events.map((e) => e.name)).toEqual(["tenants/tenant.suspended", "tenants/tenant.resumed"]);
  });

  it("keeps row-level security behind the queries: a plain select inside a tenant's transaction sees its subtree only", async () => {
    const tree = await makeTree(db);
    const rows = await db.asTenant(tree.partner.id, (tx) => tx.sql`select id from tenants`);
    expect(new Set(rows.map((r) => r.id))).toEqual(new Set([tree.partner.id, tree.subaccount.id]));
    await expect(
      db.asTenant(
        tree.partner.id,
        (tx) => tx.sql`update tenants set name = 'x' where id = ${tree.company.id} returning id`,
      ),
    ).resolves.toHaveLength(0);
  });
});
