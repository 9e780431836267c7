/** Idempotency keys: the first answer, stored in the transaction that accepted its messages, is given again for a day. */
import { textArray, uuidArray } from "#db/arrays.ts";
import { outcomesFromJson, outcomesToJson, type SubmitOutcome } from "#server/domain/messages/outcome.ts";
import type { Context, InTx } from "#server/kernel/context.ts";
import { conflict, type DomainError } from "#server/kernel/errors.ts";
import { pruneAged } from "#server/kernel/prune.ts";

export type KeyedRequest = { tenantId: string; key: string; bodyHash: string };
export type KeyState =
  | { kind: "new" }
  | { kind: "known"; outcomes: SubmitOutcome[] }
  | { kind: "error"; error: DomainError };

const keepMs = 24 * 3_600_000;
/** So that no process whose clock is late misses an answer that still counts. */
const clockDriftMs = 3_600_000;
/** Chosen once for this purpose, so that other advisory locks do not meet it. */
const lockSpace = 726_170;

/**
 * States by position. A key that is new stays locked until the transaction ends, so a second request with it is told to
 * wait instead of being accepted as well.
 */
export async function claimKeys(ctx: InTx, requests: readonly KeyedRequest[]): Promise<KeyState[]> {
  if (requests.length === 0) return [];
  const tenantIds = requests.map((r) => r.tenantId);
  const keys = requests.map((r) => r.key);
  // A statement of its own: what another transaction stored before it let go of the lock is seen by the next one.
  const locks = await ctx.tx.sql<{ free: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(tenant_id || ' ' || key, ${lockSpace})) as free
    from unnest(${textArray(tenantIds)}::text[], ${textArray(keys)}::text[]) with ordinality as r (tenant_id, key, n) order by n`;
  const rows = await ctx.tx.sql<{ tenantId: string; key: string; bodyHash: string; answer: unknown }[]>`
    select k.tenant_id as "tenantId", k.key, k.body_hash as "bodyHash", k.answer
    from idempotency_keys k
    join unnest(${uuidArray(tenantIds)}::uuid[], ${textArray(keys)}::text[]) as r (tenant_id, key) using (tenant_id, key)
    where k.created_at > ${new Date(ctx.clock.now().getTime() - keepMs)}`;
  const known = new Map(rows.map((row) => [`${row.tenantId} ${row.key}`, row]));
  return requests.map((request, index): KeyState => {
    const row = known.get(`${request.tenantId} ${request.key}`);
    if (row && row.bodyHash !== request.bodyHash) return { kind: "error", error: mismatch() };
    if (row) return { kind: "known", outcomes: outcomesFromJson(row.answer) };
    return locks[index]?.free ? { kind: "new" } : { kind: "error", error: inProgress() };
  });
}

/** With the commit: what the request will be answered. */
export function storeAnswers(
  ctx: InTx,
  answers: readonly { request: KeyedRequest; outcomes: SubmitOutcome[] }[],
): void {
  if (answers.length === 0) return;
  ctx.tx.atCommit(ctx.tx.sql`
    insert into idempotency_keys (tenant_id, key, body_hash, answer, created_at)
    select tenant_id, key, body_hash, answer::jsonb, ${ctx.clock.now()}::timestamptz
    from unnest(${uuidArray(answers.map((a) => a.request.tenantId))}::uuid[], ${textArray(answers.map((a) => a.request.key))}::text[],
      ${textArray(answers.map((a) => a.request.bodyHash))}::text[], ${textArray(answers.map((a) => outcomesToJson(a.outcomes)))}::text[])
      as a (tenant_id, key, body_hash, answer)
    on conflict (tenant_id, key) do update
      set body_hash = excluded.body_hash, answer = excluded.answer, created_at = excluded.created_at`);
}

/** Run by a job. @returns how many answers, which count no more, went */
export const pruneKeys = (ctx: Context): Promise<number> =>
  pruneAged(ctx, { table: "idempotency_keys", column: "created_at", keepMs: keepMs + clockDriftMs });

export const mismatch = () =>
  conflict("idempotency_mismatch", "This Idempotency-Key was used with another body. Use a new key.");
const inProgress = () =>
  conflict("idempotency_in_progress", "A request with this Idempotency-Key is being processed. Ask again in a moment.");
