/** The message list's address read as the verb's filters, and those filters as the address of the CSV file. */
import { idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { dayRange } from "#app/console/messages/day-range.ts";
import { type ExportMessages, messageStatus, trafficClass } from "#server/domain/messages/input.ts";

/** What people may type into one box; longer is no id. */
const longest = { search: 128, sender: 64 } as const;

/** @param timeZone in which the two days of the address are read */
export function messageFilters(params: SearchParams, timeZone: string): ExportMessages {
  const status = oneOf(params.status, messageStatus.options);
  const filters: ExportMessages = {
    search: single(params.q)?.slice(0, longest.search),
    status: status ? [status] : undefined,
    sender: single(params.sender)?.slice(0, longest.sender),
    operatorId: single(params.operator)?.slice(0, longest.sender),
    campaignId: idParam(params.campaign),
    trafficClass: oneOf(params.class, trafficClass.options),
    tenantId: idParam(params.tenant),
    scope: oneOf(params.scope, ["self"] as const),
    ...dayRange(single(params.from), single(params.to), timeZone),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

export function exportHref(filters: ExportMessages): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filters)) {
    query.set(key, value instanceof Date ? value.toISOString() : String(value));
  }
  return query.size > 0 ? `/api/exports/messages?${query}` : "/api/exports/messages";
}
