/** The validity that a new order starts from: today, for ninety days, as days of the tenant's zone. Pure. */
import { TZDate } from "@date-fns/tz";
import { addDays, startOfDay } from "date-fns";

export type Term = { validFrom: Date; validUntil: Date };

const usualDays = 90;

export function defaultTerm(now: Date, timeZone: string): Term {
  const today = startOfDay(new TZDate(now, timeZone));
  return { validFrom: plain(today), validUntil: plain(addDays(today, usualDays)) };
}

/** A zoned date does not survive the way to the browser. */
const plain = (date: Date): Date => new Date(date.getTime());
