/** When an endpoint counts as failing, and when it is tried again: pure, so that the schedule can be tested by itself. */

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Waits before the second to the eighth try, and between single tries of a failing endpoint; the last one repeats. */
const waitsMs = [5 * secondMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 10 * hourMs];

/** An event that a working endpoint refuses so often is given up; a replay brings it back. */
export const mostAttempts = waitsMs.length + 1;
/** An endpoint that failed for so long is disabled. */
export const disableAfterMs = 5 * 24 * hourMs;
/** New events bring a failing endpoint one try in this time, beside the schedule. */
export const freshTryMs = 5 * minuteMs;
/** The workflow wakes a failing endpoint on time; the worker wakes it by itself so much later, should the workflow not come. */
export const wakeMarginMs = minuteMs;
/** What a receiver asks for by Retry-After is honoured up to this. */
const longestRetryAfterMs = hourMs;

const tripAfter = { failures: 20, failuresInSilence: 5, silenceMs: 5 * secondMs };

export type Health = {
  /** Requests that failed since the last one that did not. */
  consecutiveFailures: number;
  failingSince: Date | null;
  /** Place in the schedule. */
  probes: number;
  retryAt: Date | null;
  lastSuccessAt: Date | null;
};

export type Failure = {
  now: Date;
  /** Tries of the event so far, this one included. */
  attempts: number;
  /** What the receiver asked for; null = nothing. */
  retryAfterMs: number | null;
};

export const waitMs = (failedTries: number): number =>
  waitsMs[Math.min(Math.max(failedTries, 1), waitsMs.length) - 1] ?? hourMs;

export function afterSuccess(now: Date): Health {
  return { consecutiveFailures: 0, failingSince: null, probes: 0, retryAt: null, lastSuccessAt: now };
}

/**
 * Failing means: many failures in a row, several while nothing succeeded for seconds, or a retry that failed too. A
 * receiver that asks for time gets it without counting as failing for that alone.
 * @returns `mustWait` when nothing may be sent before `health.retryAt`
 */
export function afterFailure(before: Health, failure: Failure): { health: Health; mustWait: boolean } {
  const { now } = failure;
  const consecutiveFailures = before.consecutiveFailures + 1;
  const askedMs = Math.min(failure.retryAfterMs ?? 0, longestRetryAfterMs);
  const counted = { ...before, consecutiveFailures };
  if (before.failingSince === null && !trips(before, consecutiveFailures, failure)) {
    if (askedMs === 0) return { health: counted, mustWait: false };
    return { health: { ...counted, retryAt: later(now, askedMs) }, mustWait: true };
  }
  // A try that new events brought, ahead of the schedule, uses up no place in it.
  if (before.retryAt && before.retryAt > now) return { health: counted, mustWait: true };
  const first = failure.attempts > 1 ? 1 : 0;
  const probes = before.failingSince ? Math.min(before.probes + 1, waitsMs.length) : first;
  const ownMs = waitMs(probes + 1) + (probes > 0 ? wakeMarginMs : 0);
  const failingSince = before.failingSince ?? now;
  return {
    health: { ...counted, failingSince, probes, retryAt: later(now, Math.max(ownMs, askedMs)) },
    mustWait: true,
  };
}

function trips(before: Health, failures: number, { now, attempts }: Failure): boolean {
  if (failures >= tripAfter.failures) return true;
  const isSilent = !before.lastSuccessAt || now.getTime() - before.lastSuccessAt.getTime() >= tripAfter.silenceMs;
  return isSilent && (failures >= tripAfter.failuresInSilence || (attempts > 1 && failures > 1));
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + ms);
