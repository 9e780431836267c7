/** The dashboard's period: the last 1, 7 or 30 days, in the address as `days`. */
import { oneOf, type SearchParams } from "#app/_ui/search-params.ts";
import { type DayRange, lastDays } from "#app/console/reports/range.ts";

export const periodDays = ["1", "7", "30"] as const;
export type PeriodDays = (typeof periodDays)[number];
export type Period = DayRange & { days: PeriodDays };

const usual: PeriodDays = "7";

export function periodOfParams(params: SearchParams, today: string): Period {
  const days = oneOf(params.days, periodDays) ?? usual;
  return { ...lastDays(today, Number(days)), days };
}

/** The usual period needs no parameter. */
export const periodHref = (days: PeriodDays): string => (days === usual ? "/console" : `/console?days=${days}`);
