/** People of the demo: an owner everywhere, and every role at four levels of the tree. */
import type { Database } from "#db/client.ts";
import { platform } from "#scripts/demo/actors.ts";
import { demoRoot, demoTenants } from "#scripts/demo/tree.ts";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";

export type DemoPerson = { role: Role; tenant: string; email: string; password: string };

const everyRole: readonly Role[] = ["owner", "manager", "sender", "moderator", "finance", "support", "viewer"];
const fullyStaffed = ["meridian", "songhong", "hanoidigital", "phothin"];

/** All share one password, random per installation. The root's owner exists already. */
export async function makePeople(db: Database, ids: Map<string, string>, password: string): Promise<DemoPerson[]> {
  const people: DemoPerson[] = [];
  for (const { slug, name: tenant } of [demoRoot, ...demoTenants]) {
    const tenantId = ids.get(slug) ?? "";
    const roles = fullyStaffed.includes(slug) ? everyRole : everyRole.slice(0, 1);
    for (const role of roles.filter((r) => slug !== demoRoot.slug || r !== "owner")) {
      const email = `${role}@${slug}.example`;
      const name = `${role.slice(0, 1).toUpperCase()}${role.slice(1)} · ${tenant}`;
      await createOwner(platform(db, tenantId), { id: newId(), tenantId, email, name, role, password });
      people.push({ role, tenant, email, password });
    }
  }
  return people;
}
