/** Makes what a suite needs: its own tree of tenants, contexts of every role. Nothing is shared between suites. */
import type { Database } from "#db/client.ts";
import { tenants } from "#db/schema/tenants.ts";
import { createTenant } from "#server/domain/tenants/create.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { systemClock } from "#server/kernel/clock.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import type { Permission, Role } from "#server/kernel/permissions.ts";

export function contextFor(db: Database, tenantId: string, role: Role = "owner"): Context {
  const id = newId();
  return {
    db,
    clock: systemClock,
    tenantId,
    actor: { type: "user", id, name: `${role} ${id.slice(-4)}`, role },
    requestId: newId(),
  };
}

export function keyContextFor(db: Database, tenantId: string, scopes: Permission[]): Context {
  return {
    db,
    clock: systemClock,
    tenantId,
    actor: { type: "apiKey", id: newId(), name: "key", scopes },
    requestId: newId(),
  };
}

/** A root: the only tenant that no verb makes, because it has no parent to be made by. */
export async function makeAggregator(db: Database, name = "Aggregator"): Promise<Tenant> {
  const id = newId();
  const values = {
    id,
    ancestors: [id],
    kind: "aggregator" as const,
    name,
    currency: "EUR",
    country: "VN",
    timeZone: "Asia/Ho_Chi_Minh",
  };
  const rows = await db.asSystem((tx) => tx.db.insert(tenants).values(values).returning());
  return rows[0] as Tenant;
}

export type Tree = {
  aggregator: Tenant;
  company: Tenant;
  partner: Tenant;
  subaccount: Tenant;
  sibling: Tenant;
  stranger: Tenant;
};

/** aggregator → company → partner → subaccount, a sibling of the partner, and a stranger with a tree of its own. */
export async function makeTree(db: Database): Promise<Tree> {
  const aggregator = await makeAggregator(db);
  const child = (parent: Tenant, kind: "company" | "partner" | "subaccount", name: string, currency = "VND") =>
    createTenant(contextFor(db, aggregator.id), {
      id: newId(),
      parentId: parent.id,
      kind,
      name,
      currency,
      country: "VN",
      timeZone: "Asia/Ho_Chi_Minh",
    });
  const company = await child(aggregator, "company", "Company");
  const partner = await child(company, "partner", "Partner");
  const subaccount = await child(partner, "subaccount", "Sub-account");
  const sibling = await child(company, "partner", "Sibling");
  const stranger = await makeAggregator(db, "Stranger");
  return { aggregator, company, partner, subaccount, sibling, stranger };
}
