/** The root of the tree and its first owner: the only tenant and person that no verb makes, because nobody stands above. */
import { randomBytes } from "node:crypto";
import type { Database } from "#db/client.ts";
import { users } from "#db/schema/identity.ts";
import { tenants } from "#db/schema/tenants.ts";
import { hashPassword } from "#server/domain/identity/password.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { newId } from "#server/kernel/id.ts";

export type Root = { tenant: Tenant; owner: { id: string; email: string; password: string } };
export type RootWish = Pick<Tenant, "name" | "currency" | "country" | "timeZone"> & { email: string };

/** Both or none. The password is random and is returned here only. */
export async function plantRoot(db: Database, { email, ...wish }: RootWish): Promise<Root> {
  const id = newId();
  const password = randomBytes(9).toString("base64url");
  const owner = { id: newId(), tenantId: id, email, name: "Owner", role: "owner" as const, status: "active" as const };
  const passwordHash = await hashPassword(password);
  const tenant = await db.asSystem(async (tx) => {
    const values = { id, ancestors: [id], kind: "aggregator" as const, ...wish };
    const [row] = await tx.db.insert(tenants).values(values).returning();
    await tx.db.insert(users).values({ ...owner, passwordHash });
    return row as Tenant;
  });
  return { tenant, owner: { id: owner.id, email, password } };
}
