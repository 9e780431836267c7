/** The audit log's address read as the verb's filters, and those as the address of the CSV file. */
import { idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { dayRange } from "#app/console/messages/day-range.ts";
import type { ListAudit } from "#server/domain/reports/audit-input.ts";

/** The rooms of the platform, as they stand before the point of an action. */
export const auditRooms = [
  "tenants",
  "identity",
  "keys",
  "branding",
  "senders",
  "moderation",
  "contacts",
  "campaigns",
  "messages",
  "orders",
  "prices",
  "routing",
] as const;

const longestId = 100;

/** @param timeZone in which the two days of the address are read */
export function auditFilters(params: SearchParams, timeZone: string): ListAudit {
  const room = oneOf(params.room, auditRooms);
  const action = single(params.action);
  const filters: ListAudit = {
    tenantId: idParam(params.tenant),
    action: action && /^[a-z]+\.[a-z_]+$/.test(action) ? action : room && `${room}.`,
    subjectId: single(params.subject)?.slice(0, longestId),
    actorId: single(params.actor)?.slice(0, longestId),
    ...dayRange(single(params.from), single(params.to), timeZone),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

export function auditExportHref(filters: ListAudit): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filters)) {
    query.set(key, value instanceof Date ? value.toISOString() : String(value));
  }
  return query.size > 0 ? `/api/exports/audit-log?${query}` : "/api/exports/audit-log";
}
