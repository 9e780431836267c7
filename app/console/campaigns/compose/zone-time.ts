/** Reads and writes the clock of a chosen time zone, as date boxes do. Pure. */
import { TZDate } from "@date-fns/tz";

/** "2026-03-01T09:30" as a clock in that zone shows it. */
export function toClock(moment: Date, zone: string): string {
  const there = new TZDate(moment, zone);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())}`;
  return `${day}T${two(there.getHours())}:${two(there.getMinutes())}`;
}

/**
 * The moment at which a clock in that zone shows this; null for what is no time.
 * @property isShifted the clock never shows it (it is put forward then): the moment is the nearest after
 */
export function fromClock(text: string, zone: string): { at: Date; isShifted: boolean } | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!match) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = match.slice(1).map(Number);
  const at = new Date(new TZDate(year, month - 1, day, hour, minute, zone).getTime());
  if (Number.isNaN(at.getTime())) return null;
  return { at, isShifted: toClock(at, zone) !== text.slice(0, 16) };
}
