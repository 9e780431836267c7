/** Days of reports: read from the address, counted back from today. All in UTC, as the counters are. Pure. */
import { type SearchParams, single } from "#app/_ui/search-params.ts";

/** First and last day, both included: "2026-03-01". */
export type DayRange = { from: string; to: string };

const dayMs = 86_400_000;
const defaultDays = 30;

export const utcDay = (moment: Date): string => moment.toISOString().slice(0, 10);

/** @param days may be negative */
export const addDays = (day: string, days: number): string => utcDay(new Date(Date.parse(day) + days * dayMs));

/** The last so many days, today included. */
export const lastDays = (today: string, days: number): DayRange => ({ from: addDays(today, 1 - days), to: today });

export const dayCount = ({ from, to }: DayRange): number => (Date.parse(to) - Date.parse(from)) / dayMs + 1;

export const daysOf = (range: DayRange): string[] =>
  Array.from({ length: dayCount(range) }, (_, at) => addDays(range.from, at));

/** As long as the range, and just before it. */
export function rangeBefore(range: DayRange): DayRange {
  const to = addDays(range.from, -1);
  return { from: addDays(to, 1 - dayCount(range)), to };
}

/** What the address asks for; what is missing or is no day is filled in so that the range spans the last 30 days. */
export function rangeOfParams(params: SearchParams, today: string): DayRange {
  const to = dayParam(params.to) ?? today;
  return { from: dayParam(params.from) ?? addDays(to, 1 - defaultDays), to };
}

function dayParam(value: SearchParams[string]): string | undefined {
  const day = single(value);
  if (!day || !/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const ms = Date.parse(day);
  // "2026-02-31" is read as a day of March by some parsers.
  return Number.isNaN(ms) || utcDay(new Date(ms)) !== day ? undefined : day;
}

export const presets = ["today", "yesterday", "days7", "days30", "days90", "thisMonth", "lastMonth"] as const;
export type Preset = (typeof presets)[number];

export function presetRange(preset: Preset, today: string): DayRange {
  switch (preset) {
    case "today":
      return lastDays(today, 1);
    case "yesterday":
      return rangeBefore(lastDays(today, 1));
    case "days7":
      return lastDays(today, 7);
    case "days30":
      return lastDays(today, 30);
    case "days90":
      return lastDays(today, 90);
    case "thisMonth":
      return { from: firstOfMonth(today), to: today };
    case "lastMonth": {
      const to = addDays(firstOfMonth(today), -1);
      return { from: firstOfMonth(to), to };
    }
  }
}

const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`;
