/** At every start: does ENCRYPTION_KEY open what this database's secrets were sealed with? */
import type { Database } from "#db/client.ts";
import { open, seal } from "#server/kernel/crypto.ts";

const rowId = 1;
const boundTo = "key-check";
const known = "This text opens with the key of the installation.";

/**
 * The first start leaves a sealed text behind, later ones open it.
 * @throws one line that says what to do
 */
export async function checkEncryptionKey(db: Database): Promise<void> {
  const [check] = await db.sql<{ sealed: string }[]>`select sealed from key_checks where id = ${rowId}`;
  if (check) return mustOpen(check.sealed, boundTo);
  // A database from before there was a text to open may have secrets all the same.
  const [older] = await db.sql<{ sealed: string; id: string }[]>`
    select password_sealed as sealed, id from connectors order by id limit 1`;
  if (older) mustOpen(older.sealed, older.id);
  await db.sql`
    insert into key_checks (id, sealed) values (${rowId}, ${seal(known, boundTo)}) on conflict do nothing`;
}

function mustOpen(sealed: string, boundTo: string): void {
  try {
    open(sealed, boundTo);
  } catch {
    throw new Error(
      "ENCRYPTION_KEY is not the key that this database's secrets were sealed with, so no carrier could be reached. Start with the former key: it is in secrets.json of the former DATA_DIR, or wherever ENCRYPTION_KEY was set.",
    );
  }
}
