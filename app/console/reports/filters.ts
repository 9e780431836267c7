/** The report's address: read as the verb's filters, and written for tabs, rows to drill into, and the CSV file. */
import { hrefWith, idParam, oneOf, type SearchParams, single } from "#app/_ui/search-params.ts";
import { type DayRange, rangeOfParams } from "#app/console/reports/range.ts";
import { groupings, type Summary } from "#server/domain/reports/input.ts";
import { nilId } from "#server/kernel/id.ts";

export type Grouping = (typeof groupings)[number];
export type ReportFilters = Summary & DayRange & { groupBy: Grouping };

const path = "/console/reports";
const longestOperatorId = 64;

/** The verb's names of the address's parameters. */
const names = {
  groupBy: "by",
  from: "from",
  to: "to",
  tenantId: "tenant",
  campaignId: "campaign",
  senderId: "sender",
  operatorId: "operator",
  orderId: "order",
} as const satisfies Record<keyof ReportFilters, string>;

export function reportFilters(params: SearchParams, today: string): ReportFilters {
  const filters: ReportFilters = {
    ...rangeOfParams(params, today),
    groupBy: oneOf(params.by, groupings) ?? "day",
    tenantId: idParam(params.tenant),
    campaignId: idParam(params.campaign),
    senderId: idParam(params.sender),
    operatorId: single(params.operator)?.slice(0, longestOperatorId),
    orderId: idParam(params.order),
  };
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as ReportFilters;
}

/** Does anything but the days narrow it? */
export const isNarrowed = ({ tenantId, campaignId, senderId, operatorId, orderId }: ReportFilters): boolean =>
  [tenantId, campaignId, senderId, operatorId, orderId].some(Boolean);

/** The page's own address with these filters changed; undefined takes one away. */
export function reportHref(filters: Partial<ReportFilters>, changes: Partial<ReportFilters> = {}): string {
  const entries = Object.entries({ ...filters, ...changes }) as [keyof ReportFilters, string | undefined][];
  return hrefWith(path, {}, Object.fromEntries(entries.map(([key, value]) => [names[key], value])));
}

/** The same rows as a file. */
export const exportHref = (filters: ReportFilters): string => hrefWith("/api/exports/summary", {}, filters);

/**
 * What stands behind a row, with the filters kept; undefined where it would lead in a ring: the traffic without a
 * campaign, and the viewer's own, which no filter can name.
 */
export function drillHref(filters: ReportFilters, key: string, viewerTenantId: string): string | undefined {
  switch (filters.groupBy) {
    case "day":
      return reportHref(filters, { from: key, to: key, groupBy: filters.campaignId ? "operator" : "campaign" });
    case "tenant":
      return key === viewerTenantId ? undefined : reportHref(filters, { tenantId: key, groupBy: "day" });
    case "campaign":
      return key === nilId ? undefined : reportHref(filters, { campaignId: key, groupBy: "day" });
    case "sender":
      return reportHref(filters, { senderId: key, groupBy: "day" });
    case "operator":
      return reportHref(filters, { operatorId: key, groupBy: "day" });
    case "order":
      return reportHref(filters, { orderId: key, groupBy: "day" });
  }
}
