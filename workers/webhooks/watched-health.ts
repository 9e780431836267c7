/** The health of an endpoint while it is served: judged by each answer, and written down when it changed or a while ago. */
import { afterFailure, afterSuccess, type Health } from "#server/domain/webhooks/health.ts";
import type { Delivery, HealthChange } from "#server/domain/webhooks/work.ts";
import type { Answer } from "#workers/webhooks/post.ts";

/** A success is written down at most so often. */
const writtenEveryMs = 2_000;

export type Judgement = {
  /** What is to be written of it, or null when nothing changed but the time. */
  change: Omit<HealthChange, "endpointId" | "tenantId"> | null;
  isWell: boolean;
  /** Nothing may be sent for a while. */
  mustWait: boolean;
  /** The receiver said so: nothing is to be sent any more. */
  isGone: boolean;
};

export class WatchedHealth {
  private writtenAtMs = Number.NEGATIVE_INFINITY;

  constructor(private health: Health) {}

  /** Then it is tried with one request at a time. */
  get isFailing(): boolean {
    return this.health.failingSince !== null;
  }

  /** @param deliveries of the request that was answered */
  judge({ statusCode, error, retryAfterMs }: Answer, deliveries: readonly Delivery[], now: Date): Judgement {
    const before = this.health;
    const wasFailing = this.isFailing;
    const wasWell = before.consecutiveFailures === 0 && !wasFailing;
    const isWell = error === null;
    const { health, mustWait } = isWell
      ? { health: afterSuccess(now), mustWait: false }
      : afterFailure(before, { now, attempts: attemptsOf(deliveries), retryAfterMs });
    this.health = health;
    let news: HealthChange["news"] = null;
    if (isWell && wasFailing) news = "recovered";
    if (!isWell && health.probes > 0 && before.probes === 0) news = "failing";
    if (!isWell && statusCode === 410) news = "gone";
    const judged = { isWell, mustWait, isGone: news === "gone" };
    const isDue = performance.now() - this.writtenAtMs > writtenEveryMs;
    if (isWell && wasWell && !isDue) return { ...judged, change: null };
    this.writtenAtMs = performance.now();
    return { ...judged, change: { ...health, lastAttemptAt: now, lastStatus: statusCode, lastError: error, news } };
  }
}

/** Of the event that was tried most often, with this try. */
const attemptsOf = (deliveries: readonly Delivery[]): number =>
  Math.max(...deliveries.map((delivery) => delivery.attempts)) + 1;
