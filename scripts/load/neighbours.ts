/** More tenants beside the one at the bottom of the chain, each with an order, a sender and a key of its own. */
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { addLevel, type LoadChain } from "#scripts/load/chain.ts";
import { createKey } from "#server/domain/identity/keys.ts";
import { decideSender } from "#server/domain/senders/decide.ts";
import { registerSender } from "#server/domain/senders/register.ts";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { newId } from "#server/kernel/id.ts";

export type Neighbour = { tenantId: string; apiKey: string };

/** Sends under the chain's sender name, at `maxPerSecond` at most. */
export async function addNeighbour(db: Database, chain: LoadChain, maxPerSecond: number): Promise<Neighbour> {
  const [place] = await db.sql<{ root: string; parentId: string }[]>`
    select ancestors[1] as root, parent_id as "parentId" from tenants where id = ${chain.tenantId}`;
  if (!place) throw new Error("The chain's tenant is not there.");
  const mark = newId().slice(-8);
  const tenantId = await addLevel(db, { ...place, kind: "subaccount", level: 4, mark });
  const owner = ownerOf(db, tenantId);
  const root = ownerOf(db, place.root);
  const senderId = newId();
  await registerSender(owner, { id: senderId, name: chain.sender, purpose: "Load" });
  await decideSender(root, { id: senderId, decision: "approved" });
  await setContract(root, { tenantId, reservedPerSecond: 0, maxPerSecond, weight: 1 });
  const { key } = await createKey(owner, { id: newId(), name: "Load", scopes: ["messages.send"] });
  if (!key) throw new Error("A key that is shown once was not shown.");
  return { tenantId, apiKey: key };
}
