/** Times of SMPP 3.4 section 7.1.1: YYMMDDhhmmsstnnp, absolute with an offset in quarters of an hour, or relative. */

const pattern = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d)(\d{2})([+\-R])$/;

/** @returns the moment, undefined for an empty field, null when it cannot be read */
export function parseTime(text: string | undefined, now: Date): Date | undefined | null {
  if (!text) return undefined;
  const found = pattern.exec(text);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, tenth = 0, quarters = 0] = found
    .slice(1, 9)
    .map(Number);
  if (hour > 23 || minute > 59 || second > 59 || day > 31) return null;
  if (found[9] === "R") {
    if (month > 12) return null;
    const at = new Date(now);
    at.setUTCFullYear(at.getUTCFullYear() + year, at.getUTCMonth() + month, at.getUTCDate() + day);
    return new Date(at.getTime() + ((hour * 60 + minute) * 60 + second) * 1_000);
  }
  if (month < 1 || month > 12 || day < 1 || quarters > 48) return null;
  const localMs = Date.UTC(2_000 + year, month - 1, day, hour, minute, second, tenth * 100);
  // 31 February rolls over: then the day is not what was written.
  if (new Date(localMs).getUTCDate() !== day) return null;
  return new Date(localMs - (found[9] === "+" ? 1 : -1) * quarters * 15 * 60_000);
}

/** Relative: so long from when the carrier reads it, at least a second, at most 30 days. */
export function formatDuration(ms: number): string {
  const seconds = Math.min(30 * 86_400, Math.max(1, Math.ceil(ms / 1_000)));
  if (seconds === lastDuration.seconds) return lastDuration.text;
  const text = durationText(seconds);
  lastDuration = { seconds, text };
  return text;
}

/** Neighbours in a batch mostly have the same. */
let lastDuration = { seconds: 0, text: "" };

function durationText(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `0000${two(seconds / 86_400)}${two((seconds / 3_600) % 24)}${two((seconds / 60) % 60)}${two(seconds % 60)}000R`;
}

/** Absolute, in UTC. */
export function formatTime(at: Date): string {
  const digits = at.toISOString().replace(/\D/g, "");
  return `${digits.slice(2, 14)}${digits.slice(14, 15)}00+`;
}
