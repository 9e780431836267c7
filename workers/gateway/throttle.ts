/** The contract's bound over HTTP: 429 with Retry-After beyond it, and on every answer how much is left. */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import { DomainError } from "#server/kernel/errors.ts";
import type { Call } from "#workers/gateway/endpoint.ts";
import type { Throttle } from "#workers/throttle.ts";

/** Resolves when these may come in. @throws rate_limited `over_contract` */
export type LetIn = (call: Call, messages: readonly Pick<SubmitItem, "class">[]) => Promise<void>;

/**
 * Refusals wait for each other this long and are answered together: a client that asks too often wakes nobody each time,
 * and whoever is let in meanwhile goes first.
 */
const refuseEveryMs = 10;

/**
 * Made once for each wait, and thrown again and again: to find out where an error arises costs more than the rest of a
 * refusal, and who asks too often is refused most of the time.
 */
const refusals = new Map<number, DomainError>();
const mostRefusals = 1_000;

/** Headers of draft-ietf-httpapi-ratelimit-headers-10; `q` and `r` are this process's part of the contract. */
export const contractThrottle = (throttle: Throttle): LetIn => {
  let refusing: Promise<void> | null = null;
  const nextRefusals = () => {
    refusing ??= new Promise((resolve) => {
      setTimeout(() => {
        refusing = null;
        resolve();
      }, refuseEveryMs);
    });
    return refusing;
  };
  return async (call, messages) => {
    const { tenantId } = call.ctx;
    const learning = throttle.know(tenantId);
    if (learning) await learning;
    let codes = 0;
    for (const message of messages) if (message.class === "otp") codes += 1;
    const { isAllowed, waitMs, bound } = throttle.take(tenantId, { codes, others: messages.length - codes });
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    if (bound) {
      call.setHeader("ratelimit-policy", `"contract";q=${bound.perSecond};w=1`);
      call.setHeader("ratelimit", `"contract";r=${bound.left};t=${seconds}`);
    }
    if (isAllowed) return;
    await nextRefusals();
    throw refusalFor(seconds);
  };
};

function refusalFor(retryAfterSeconds: number): DomainError {
  const made = refusals.get(retryAfterSeconds);
  if (made) return made;
  const refusal = new DomainError("rate_limited", "over_contract", "Faster than agreed. Wait as Retry-After says.", {
    retryAfterSeconds,
  });
  if (refusals.size < mostRefusals) refusals.set(retryAfterSeconds, refusal);
  return refusal;
}
