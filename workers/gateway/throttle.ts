/** The contract's bound over HTTP: 429 with Retry-After beyond it, and on every answer how much is left. */
import type { SubmitItem } from "#server/domain/messages/input.ts";
import { DomainError } from "#server/kernel/errors.ts";
import type { Call } from "#workers/gateway/endpoint.ts";
import type { Throttle } from "#workers/throttle.ts";

/** Resolves when these may come in. @throws rate_limited `over_contract` */
export type LetIn = (call: Call, items: readonly SubmitItem[]) => Promise<void>;

/** Headers of draft-ietf-httpapi-ratelimit-headers-10; `q` and `r` are this process's part of the contract. */
export const contractThrottle =
  (throttle: Throttle): LetIn =>
  async (call, items) => {
    const { tenantId } = call.ctx;
    await throttle.know(tenantId);
    const codes = items.filter((item) => item.class === "otp").length;
    const { isAllowed, waitMs, bound } = throttle.take(tenantId, { codes, others: items.length - codes });
    const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
    if (bound) {
      call.setHeader("ratelimit-policy", `"contract";q=${bound.perSecond};w=1`);
      call.setHeader("ratelimit", `"contract";r=${bound.left};t=${seconds}`);
    }
    if (isAllowed) return;
    throw new DomainError("rate_limited", "over_contract", "Faster than agreed. Wait as Retry-After says.", {
      retryAfterSeconds: seconds,
    });
  };
