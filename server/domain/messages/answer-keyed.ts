/** Puts idempotency keys around submit: a known key is answered from what is stored, a new one stores its answer. */
import { claimKeys, type KeyState, mismatch, storeAnswers } from "#server/domain/messages/idempotency.ts";
import type { Submission } from "#server/domain/messages/line.ts";
import { type SubmitOutcome, shownTo } from "#server/domain/messages/outcome.ts";
import type { InTx } from "#server/kernel/context.ts";

type Result = { ok: true; outcomes: SubmitOutcome[] } | { ok: false; error: unknown };
type Keyed = { tenantId: string; key: string; bodyHash: string };

/**
 * Results by position. Requests of one group that carry one key and one body share the first one's answer.
 * @param work gets the submissions that have to be carried out
 */
export async function answerKeyed(
  ctx: InTx,
  submissions: readonly Submission[],
  work: (fresh: Submission[]) => Promise<Result[]>,
): Promise<Result[]> {
  const firstByKey = new Map<string, Submission>();
  for (const submission of submissions) {
    const request = keyedOf(submission);
    if (request && !firstByKey.has(nameOf(request))) firstByKey.set(nameOf(request), submission);
  }
  const claims = await claim(ctx, [...firstByKey.values()]);
  const isFresh = (s: Submission) => (claims.get(s)?.kind ?? (keyedOf(s) ? "shared" : "new")) === "new";
  const fresh = submissions.filter(isFresh);
  const done = await work(fresh);
  const results = new Map(fresh.map((submission, index) => [submission, done[index]]));
  store(ctx, results);
  return submissions.map((submission): Result => {
    const request = keyedOf(submission);
    const first = (request && firstByKey.get(nameOf(request))) ?? submission;
    if (request && keyedOf(first)?.bodyHash !== request.bodyHash) return { ok: false, error: mismatch() };
    const state = claims.get(first);
    if (state?.kind === "error") return { ok: false, error: state.error };
    if (state?.kind === "known") return { ok: true, outcomes: shownTo(submission.ctx, state.outcomes) };
    const result = results.get(first);
    if (result?.ok && first !== submission) return { ok: true, outcomes: shownTo(submission.ctx, result.outcomes) };
    return result ?? { ok: false, error: new Error("A request was left without a result.") };
  });
}

/** A dry run accepts nothing, so its answer is never stored. */
function keyedOf({ ctx, input }: Submission): Keyed | null {
  return input.idempotency && !input.dryRun ? { tenantId: ctx.tenantId, ...input.idempotency } : null;
}

const nameOf = ({ tenantId, key }: Keyed): string => `${tenantId} ${key}`;

async function claim(ctx: InTx, submissions: Submission[]): Promise<Map<Submission, KeyState>> {
  const requests = submissions.flatMap((submission) => keyedOf(submission) ?? []);
  const states = await claimKeys(ctx, requests);
  return new Map(submissions.flatMap((submission, n) => (states[n] ? [[submission, states[n]]] : [])));
}

function store(ctx: InTx, results: ReadonlyMap<Submission, Result | undefined>): void {
  const answers = [...results].flatMap(([submission, result]) => {
    const request = keyedOf(submission);
    return request && result?.ok ? [{ request, outcomes: result.outcomes }] : [];
  });
  storeAnswers(ctx, answers);
}
