/** Turns an API key into a verb context: for every edge that takes keys. */
import type { Database } from "#db/client.ts";
import type { Context } from "#server/kernel/context.ts";
import { hashToken } from "#server/kernel/crypto.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { ipAllowed } from "#server/kernel/ip-list.ts";
import { keyScopes, type Permission } from "#server/kernel/permissions.ts";

type KeyRow = {
  id: string;
  tenantId: string;
  name: string;
  scopes: string[];
  allowedIps: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
};
type Remembered = { row: KeyRow | null; readAtMs: number; touchedAtMs: number };

/** A revoked key may work this much longer in another process. */
const rememberMs = 1_000;
const touchEveryMs = 60_000;
const maxRemembered = 5_000;
const remembered = new WeakMap<Database["sql"], Map<string, Remembered>>();

/**
 * `last_used_at` is written at most once a minute.
 * @throws unauthenticated `invalid_key` (unknown, expired, revoked) · forbidden `ip_not_allowed`
 */
export async function authenticateKey(
  base: Pick<Context, "db" | "clock">,
  { key, ip }: { key: string; ip: string },
): Promise<Context> {
  const now = base.clock.now();
  const row = await lookUp(base.db, hashToken(key), now);
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= now)) {
    throw new DomainError("unauthenticated", "invalid_key", "This API key is unknown, expired or revoked.");
  }
  if (!ipAllowed(row.allowedIps, ip)) {
    throw new DomainError("forbidden", "ip_not_allowed", "This API key may not be used from this address.");
  }
  const scopes: Permission[] = keyScopes.filter((scope) => row.scopes.includes(scope));
  return {
    db: base.db,
    clock: base.clock,
    tenantId: row.tenantId,
    actor: { type: "apiKey", id: row.id, name: row.name, scopes },
    requestId: newId(),
  };
}

/** Makes this process read the keys again at their next use. */
export function forgetKeys(db: Database): void {
  remembered.delete(db.sql);
}

async function lookUp(db: Database, keyHash: string, now: Date): Promise<KeyRow | null> {
  const known = remembered.get(db.sql) ?? new Map<string, Remembered>();
  remembered.set(db.sql, known);
  const nowMs = now.getTime();
  const last = known.get(keyHash);
  if (last && nowMs >= last.readAtMs && nowMs - last.readAtMs < rememberMs) return last.row;
  const [row] = await db.sql<KeyRow[]>`
    select id, tenant_id as "tenantId", name, scopes, allowed_ips as "allowedIps", expires_at as "expiresAt",
           revoked_at as "revokedAt"
    from api_keys where key_hash = ${keyHash}`;
  const isTouchDue = row !== undefined && nowMs - (last?.touchedAtMs ?? 0) >= touchEveryMs;
  if (row && isTouchDue) {
    await db.sql`
      update api_keys set last_used_at = ${now}
      where id = ${row.id} and (last_used_at is null or last_used_at < ${new Date(nowMs - touchEveryMs)})`;
  }
  // Guessed keys would fill the memory: only what exists is remembered.
  if (!row) return null;
  if (known.size >= maxRemembered) known.clear();
  known.set(keyHash, { row, readAtMs: nowMs, touchedAtMs: isTouchDue ? nowMs : (last?.touchedAtMs ?? 0) });
  return row;
}
