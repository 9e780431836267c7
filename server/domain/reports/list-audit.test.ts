/** The audit log: the subtree's only, and nobody above by name. */
import { describe, expect, it } from "vitest";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { loadSession } from "#server/domain/identity/load-session.ts";
import { listAudit } from "#server/domain/reports/list-audit.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { updateTenant } from "#server/domain/tenants/update.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const base = { db, clock: systemClock };

async function owner(tenant: Tenant, name: string) {
  const job = jobContext(base, "test", tenant.id, newId());
  const email = `${newId()}@example.com`;
  const user = await createOwner(job, { tenantId: tenant.id, email, name, password: "correct horse battery" });
  const ctx = await loadSession(base, { userId: user.id, sessionId: newId(), sessionVersion: 1 });
  if (!ctx) throw new Error("no session");
  return ctx;
}

describe("audit log", () => {
  it("names people of the own subtree, and nobody above it", async () => {
    const tree = await makeTree(db);
    const boss = await owner(tree.company, "Boss Above");
    const partner = await owner(tree.partner, "Minh");
    await updateTenant(partner, { id: tree.partner.id, name: "Partner Two" });
    await suspendTenant(boss, { id: tree.partner.id, reason: "invoice overdue" });
    const { items } = await listAudit(partner, { subjectId: tree.partner.id });
    expect(items.map((e) => [e.action, e.actorName])).toEqual([
      ["tenants.suspend", null],
      ["tenants.update", "Minh"],
      ["tenants.create", null],
    ]);
    expect(items[0]?.detail).toEqual({ reason: "invoice overdue" });
    const text = JSON.stringify(items);
    expect(text).not.toContain("Boss Above");
    expect(text).not.toContain(tree.company.id);
    expect((await listAudit(partner, { actorId: boss.actor.id })).items).toEqual([]);
    const fromAbove = await listAudit(boss, { subjectId: tree.partner.id, action: "tenants.suspend" });
    expect(fromAbove.items.map((e) => e.actorName)).toEqual(["Boss Above"]);
    expect((await listAudit(boss, { action: "tenants.", tenantId: tree.partner.id })).items).toHaveLength(3);
  });

  it("pages, and is refused to other roles and other tenants", async () => {
    const tree = await makeTree(db);
    const ctx = contextFor(db, tree.partner.id);
    for (let i = 0; i < 4; i++) await updateTenant(ctx, { id: tree.subaccount.id, name: `Name ${i}` });
    const first = await listAudit(ctx, { tenantId: tree.subaccount.id, limit: 3 });
    const rest = await listAudit(ctx, {
      tenantId: tree.subaccount.id,
      limit: 3,
      cursor: first.nextCursor ?? undefined,
    });
    expect(new Set([...first.items, ...rest.items].map((e) => e.id)).size).toBe(5);
    expect(rest.nextCursor).toBeNull();
    await expect(listAudit(contextFor(db, tree.partner.id, "viewer"), {})).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.sibling, tree.stranger]) {
      const outside = contextFor(db, other.id);
      await expect(listAudit(outside, { tenantId: tree.subaccount.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      expect((await listAudit(outside, { subjectId: tree.subaccount.id })).items).toEqual([]);
    }
  });
});
