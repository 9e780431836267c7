/** Sender names of the demo: registered by sub-accounts, approved by every level above. */
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { demoTenants } from "#scripts/demo/tree.ts";
import { decideSender } from "#server/domain/senders/decide.ts";
import { registerSender } from "#server/domain/senders/register.ts";
import { newId } from "#server/kernel/id.ts";

/** Returns the ids of the approved names. */
export async function registerSenders(db: Database, ids: Map<string, string>): Promise<Map<string, string>> {
  const approved = new Map<string, string>();
  for (const { slug, senders = [], pendingSender, name: company } of demoTenants) {
    const tenantId = ids.get(slug) ?? "";
    for (const name of senders) {
      const id = newId();
      await registerSender(ownerOf(db, tenantId), { id, name, purpose: `${company}: customer messages` });
      // The root may decide for everybody between it and the sub-account.
      await decideSender(ownerOf(db, ids.get("meridian") ?? ""), { id, decision: "approved" });
      approved.set(name, id);
    }
    if (pendingSender) {
      await registerSender(ownerOf(db, tenantId), { id: newId(), name: pendingSender, purpose: `${company}: VIP` });
    }
  }
  return approved;
}
