/** Cron expressions: five fields, or six with seconds in front, with "TZ=Area/City " before them if wanted. */
import { TZDate } from "@date-fns/tz";

export type Cron = {
  seconds: number[];
  minutes: number[];
  hours: number[];
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  /** When both are restricted, a day matches by either: cron(5). */
  isAnyDay: boolean;
  isAnyWeekday: boolean;
  timeZone: string;
};

const shorthands: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** A leap day on a given weekday comes at most this far away. */
const horizonDays = 366 * 12;

/** @throws Error with a sentence that says what is wrong */
export function parseCron(expression: string): Cron {
  const zone = expression.match(/^(?:CRON_)?TZ=(\S+)\s+/);
  const timeZone = zone?.[1] ?? "UTC";
  if (!isTimeZone(timeZone)) throw new Error(`"${timeZone}" is not a time zone.`);
  const bare = expression.slice(zone?.[0].length ?? 0).trim();
  const fields = (shorthands[bare.toLowerCase()] ?? bare).split(/\s+/);
  if (fields.length === 5) fields.unshift("0");
  const [seconds, minutes, hours, days, months, weekdays] = fields;
  if (fields.length !== 6 || !seconds || !minutes || !hours || !days || !months || !weekdays) {
    throw new Error(`"${expression}" is not a cron expression: it needs five fields, or six with seconds.`);
  }
  return {
    seconds: values(seconds, 0, 59),
    minutes: values(minutes, 0, 59),
    hours: values(hours, 0, 23),
    days: new Set(values(days, 1, 31)),
    months: new Set(values(named(months, monthNames, 1), 1, 12)),
    weekdays: new Set(values(named(weekdays, dayNames, 0), 0, 7).map((day) => day % 7)),
    isAnyDay: days.startsWith("*") || days === "?",
    isAnyWeekday: weekdays.startsWith("*") || weekdays === "?",
    timeZone,
  };
}

/** The first moment after `after`, or null when there is none in the next years (31 February). */
export function nextMoment(cron: Cron, after: Date): Date | null {
  const start = new TZDate(after.getTime(), cron.timeZone);
  for (let offset = 0; offset <= horizonDays; offset++) {
    const day = new TZDate(start.getFullYear(), start.getMonth(), start.getDate() + offset, cron.timeZone);
    if (!isDay(cron, day)) continue;
    for (const hour of cron.hours) {
      if (offset === 0 && hour < start.getHours()) continue;
      for (const minute of cron.minutes) {
        for (const second of cron.seconds) {
          const at = new TZDate(day.getFullYear(), day.getMonth(), day.getDate(), hour, minute, second, cron.timeZone);
          // An hour that daylight saving skips comes out as another hour: that day has no such moment.
          if (at.getHours() === hour && at.getTime() > after.getTime()) return new Date(at.getTime());
        }
      }
    }
  }
  return null;
}

function isDay(cron: Cron, day: TZDate): boolean {
  if (!cron.months.has(day.getMonth() + 1)) return false;
  const byDay = cron.days.has(day.getDate());
  const byWeekday = cron.weekdays.has(day.getDay());
  return cron.isAnyDay || cron.isAnyWeekday ? byDay && byWeekday : byDay || byWeekday;
}

function values(field: string, low: number, high: number): number[] {
  const found = new Set<number>();
  for (const item of field.split(",")) {
    const match = item.match(/^(?:\*|\?|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/);
    const step = Number(match?.[3] ?? 1);
    const from = match?.[1] === undefined ? low : Number(match[1]);
    const to = match?.[2] !== undefined ? Number(match[2]) : match?.[1] === undefined || match[3] ? high : from;
    if (!match || step < 1 || from < low || to > high || from > to) {
      throw new Error(`"${item}" is not a cron field between ${low} and ${high}.`);
    }
    for (let value = from; value <= to; value += step) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function named(field: string, names: string[], first: number): string {
  return field.toLowerCase().replace(/[a-z]{3}/g, (name) => {
    const index = names.indexOf(name);
    return index < 0 ? name : String(index + first);
  });
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
