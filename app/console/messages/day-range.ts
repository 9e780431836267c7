/** Days of a filter, as people of a zone mean them, turned into moments. */
import { TZDate } from "@date-fns/tz";

/**
 * @param first "2026-03-01", the first day; @param last the last day, which is part of the range
 * @returns `from` at or after, `to` before; undefined where a day is missing or is none
 */
export function dayRange(
  first: string | undefined,
  last: string | undefined,
  timeZone: string,
): { from?: Date; to?: Date } {
  const from = startOfDay(first, timeZone, 0);
  const to = startOfDay(last, timeZone, 1);
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

function startOfDay(day: string | undefined, timeZone: string, daysOn: number): Date | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "");
  if (!match) return null;
  const [year = 0, month = 1, date = 1] = match.slice(1).map(Number);
  const start = new Date(new TZDate(year, month - 1, date + daysOn, timeZone).getTime());
  return Number.isNaN(start.getTime()) ? null : start;
}
