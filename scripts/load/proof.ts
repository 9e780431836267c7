/** The ledger's proof over the demo's whole tree, in one line. */
import type { Database } from "#db/client.ts";
import { platform } from "#scripts/demo/actors.ts";
import { prove } from "#server/domain/ledger/prove.ts";

export async function proveTree(db: Database): Promise<{ isClean: boolean; summary: string }> {
  const [root] = await db.sql<{ id: string }[]>`select id from tenants where parent_id is null`;
  const proof = await prove(platform(db, root?.id ?? ""));
  const { orders, messages, entries, differences, isClean } = proof;
  return {
    isClean,
    summary: `${orders} orders, ${messages} messages, ${entries} entries, ${differences.length} differences`,
  };
}
