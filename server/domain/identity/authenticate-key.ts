/** Turns an API key into a verb context: for every edge that takes keys. */
import type { Database } from "#db/client.ts";
import type { Actor } from "#server/kernel/actor.ts";
import type { Context } from "#server/kernel/context.ts";
import { hashToken } from "#server/kernel/crypto.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { ipAllowed } from "#server/kernel/ip-list.ts";
import { keyScopes } from "#server/kernel/permissions.ts";

type KeyRow = {
  id: string;
  tenantId: string;
  name: string;
  scopes: string[];
  allowedIps: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
};
type Remembered = {
  row: KeyRow;
  actor: Actor;
  /** When it was asked for: what it says was true then, or later. */
  readAtMs: number;
  touchedAtMs: number;
};
type Memory = { keys: Map<string, Remembered>; reading: Map<string, Promise<Remembered | null>> };

/** A revoked key may work this much longer in another process. */
const rememberMs = 1_000;
/** A key that is used all the time is read again before it is forgotten, so that nobody waits for it. */
const refreshMs = 500;
const touchEveryMs = 60_000;
const maxRemembered = 5_000;
const memories = new WeakMap<Database["sql"], Memory>();

type Base = Pick<Context, "db" | "clock">;
type Asked = { key: string; ip: string };

/**
 * `last_used_at` is written at most once a minute.
 * @throws unauthenticated `invalid_key` (unknown, expired, revoked) · forbidden `ip_not_allowed`
 */
export async function authenticateKey(base: Base, asked: Asked): Promise<Context> {
  const now = base.clock.now();
  const keyHash = hashToken(asked.key);
  const known = recall(base.db, keyHash, now) ?? (await read(base.db, keyHash, now));
  return callerOf(base, known, asked.ip, now);
}

/**
 * The same without waiting, for doors where a promise a request is felt.
 * @returns null for a key that has to be read first
 */
export function rememberedCaller(base: Base, asked: Asked): Context | null {
  const now = base.clock.now();
  const known = recall(base.db, hashToken(asked.key), now);
  return known && callerOf(base, known, asked.ip, now);
}

/** Makes this process read the keys again at their next use. */
export function forgetKeys(db: Database): void {
  memories.delete(db.sql);
}

function callerOf(base: Base, known: Remembered | null, ip: string, now: Date): Context {
  const row = known?.row;
  if (!row || row.revokedAt || (row.expiresAt && row.expiresAt <= now)) {
    throw new DomainError("unauthenticated", "invalid_key", "This API key is unknown, expired or revoked.");
  }
  if (!ipAllowed(row.allowedIps, ip)) {
    throw new DomainError("forbidden", "ip_not_allowed", "This API key may not be used from this address.");
  }
  return { db: base.db, clock: base.clock, tenantId: row.tenantId, actor: known.actor, requestId: newId() };
}

function recall(db: Database, keyHash: string, now: Date): Remembered | null {
  const known = memories.get(db.sql)?.keys.get(keyHash);
  const ageMs = known ? now.getTime() - known.readAtMs : -1;
  if (!known || ageMs < 0 || ageMs >= rememberMs) return null;
  // Whoever comes after its time asks again, and hears what is wrong.
  if (ageMs >= refreshMs) read(db, keyHash, now).catch(() => {});
  return known;
}

/** Many requests with one key are one question. */
function read(db: Database, keyHash: string, now: Date): Promise<Remembered | null> {
  const memory = memories.get(db.sql) ?? { keys: new Map(), reading: new Map() };
  memories.set(db.sql, memory);
  const under = memory.reading.get(keyHash);
  if (under) return under;
  const reading = readRow(db, keyHash, now, memory.keys).finally(() => memory.reading.delete(keyHash));
  memory.reading.set(keyHash, reading);
  return reading;
}

async function readRow(db: Database, keyHash: string, now: Date, keys: Memory["keys"]): Promise<Remembered | null> {
  const nowMs = now.getTime();
  const touchedAtMs = keys.get(keyHash)?.touchedAtMs ?? 0;
  const [row] = await db.sql<KeyRow[]>`
    select id, tenant_id as "tenantId", name, scopes, allowed_ips as "allowedIps", expires_at as "expiresAt",
           revoked_at as "revokedAt"
    from api_keys where key_hash = ${keyHash}`;
  // Guessed keys would fill the memory: only what exists is remembered.
  if (!row) {
    keys.delete(keyHash);
    return null;
  }
  const isTouchDue = nowMs - touchedAtMs >= touchEveryMs;
  if (isTouchDue) {
    await db.sql`
      update api_keys set last_used_at = ${now}
      where id = ${row.id} and (last_used_at is null or last_used_at < ${new Date(nowMs - touchEveryMs)})`;
  }
  const scopes = keyScopes.filter((scope) => row.scopes.includes(scope));
  const actor: Actor = { type: "apiKey", id: row.id, name: row.name, scopes };
  const known = { row, actor, readAtMs: nowMs, touchedAtMs: isTouchDue ? nowMs : touchedAtMs };
  if (keys.size >= maxRemembered) keys.clear();
  keys.set(keyHash, known);
  return known;
}
