/** Failed sign-ins per address of origin: a cheap brake in front of the password hash, kept in this process's memory. */
import type { Database } from "#db/client.ts";
import { DomainError } from "#server/kernel/errors.ts";

const windowMs = 5 * 60_000;
const maxFailures = 30;
/** A bound on memory, whoever knocks. */
const maxAddresses = 10_000;

type Counter = { failures: number; startedAtMs: number };
const counters = new WeakMap<Database["sql"], Map<string, Counter>>();

/** @throws rate_limited `too_many_attempts` with retryAfterSeconds */
export function checkAddress(db: Database, ip: string | undefined, nowMs: number): void {
  const counter = ip ? countersOf(db).get(ip) : undefined;
  if (!counter || counter.failures < maxFailures) return;
  const leftMs = counter.startedAtMs + windowMs - nowMs;
  if (leftMs <= 0) return;
  throw new DomainError("rate_limited", "too_many_attempts", "Too many failed sign-ins. Wait a few minutes.", {
    retryAfterSeconds: Math.ceil(leftMs / 1000),
  });
}

export function countFailure(db: Database, ip: string | undefined, nowMs: number): void {
  if (!ip) return;
  const known = countersOf(db);
  const counter = known.get(ip);
  if (counter && counter.startedAtMs + windowMs > nowMs) {
    counter.failures += 1;
    return;
  }
  known.delete(ip);
  const oldest = known.keys().next().value;
  if (known.size >= maxAddresses && oldest !== undefined) known.delete(oldest);
  known.set(ip, { failures: 1, startedAtMs: nowMs });
}

function countersOf(db: Database): Map<string, Counter> {
  const known = counters.get(db.sql) ?? new Map<string, Counter>();
  counters.set(db.sql, known);
  return known;
}
