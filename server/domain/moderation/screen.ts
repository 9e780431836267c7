/** Says of each text whether it may go, must be looked at, or is refused. */
import { fold } from "#server/domain/moderation/fold.ts";
import { type Filter, moderationSnapshot, type Snapshot } from "#server/domain/moderation/policy-snapshot.ts";
import type { InTx } from "#server/kernel/context.ts";

/** `policy`, or `phrase:` and the phrase that matched; it never says whose phrase it is. */
export type Cause = string;
export type Verdict =
  | { action: "pass" }
  /** The moderators of policyTenantId, or of a tenant above it, decide. */
  | { action: "review"; cause: Cause; policyTenantId: string }
  | { action: "block"; cause: Cause };

export type Screened = { tenantId: string; ancestors: string[] };

/** @param ctx a system transaction: policies above the tenant are read */
export async function screenTexts(
  ctx: InTx,
  { texts, ...screened }: Screened & { texts: readonly string[] },
): Promise<Verdict[]> {
  return judgeTexts(await moderationSnapshot(ctx, screened.tenantId, screened.ancestors), screened, texts);
}

/**
 * Verdicts by position. The strictest mode on the tenant's path holds; filters of the tenant and of all above it apply
 * whenever that mode is not "off". Equal texts are read once.
 */
export function judgeTexts(snapshot: Snapshot, { tenantId, ancestors }: Screened, texts: readonly string[]): Verdict[] {
  if (snapshot.mode === "off") return texts.map(() => ({ action: "pass" }));
  const path = [...ancestors, tenantId];
  const verdicts = new Map<string, Verdict>();
  return texts.map((text) => {
    const verdict = verdicts.get(text) ?? judge(snapshot, path, text);
    verdicts.set(text, verdict);
    return verdict;
  });
}

function judge(snapshot: Snapshot, path: readonly string[], text: string): Verdict {
  const found = snapshot.filters.find(fold(text));
  const blocking = found.find((filter) => filter.action === "block");
  if (blocking) return { action: "block", cause: phraseCause(blocking) };
  // The one nearest the root decides: a decision below it could not speak for it.
  const rank = (tenantId: string) => path.indexOf(tenantId);
  const [filter] = [...found].sort((a, b) => rank(a.setByTenantId) - rank(b.setByTenantId));
  const { alwaysTenantId } = snapshot;
  if (filter && (!alwaysTenantId || rank(filter.setByTenantId) <= rank(alwaysTenantId))) {
    return { action: "review", cause: phraseCause(filter), policyTenantId: filter.setByTenantId };
  }
  if (!alwaysTenantId) return { action: "pass" };
  return { action: "review", cause: filter ? phraseCause(filter) : "policy", policyTenantId: alwaysTenantId };
}

const phraseCause = (filter: Filter): Cause => `phrase:${filter.phrase}`;
