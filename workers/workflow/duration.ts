/** Time strings of the protocol ("2h45m", "300ms") and moments (ISO 8601), as sleeps, timeouts and Retry-After use them. */

const unitMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** @returns milliseconds, or null when the text is no time string. SDK specification, 1.3.2. */
export function durationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text) return null;
  return Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ""] ?? 0), 0));
}

/** @returns the moment that a time string (from now) or an ISO date means, or null when it is neither */
export function momentOf(text: string, now: Date): Date | null {
  const ms = durationMs(text);
  if (ms !== null) return new Date(now.getTime() + ms);
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return null;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** Retry-After in seconds, as an ISO date or as an HTTP date. */
export function retryMoment(header: string | undefined, now: Date): Date | null {
  if (!header) return null;
  if (/^\d+(\.\d+)?$/.test(header)) return new Date(now.getTime() + Number(header) * 1000);
  const moment = new Date(header);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
