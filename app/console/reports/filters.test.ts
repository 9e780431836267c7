/** The report's address and the verb's filters: each can be made from the other, and nothing strange gets through. */
import { describe, expect, it } from "vitest";
import { drillHref, exportHref, reportFilters, reportHref } from "#app/console/reports/filters.ts";
import { summary } from "#server/domain/reports/input.ts";
import { newId, nilId } from "#server/kernel/id.ts";

const today = "2026-11-22";
const search = (href: string) => Object.fromEntries(new URL(href, "http://localhost").searchParams);

describe("the address of a report", () => {
  it("is read as filters that the verb accepts, whatever stands in it", () => {
    const params = { by: "moon", from: "x", tenant: "1", campaign: ["a", "b"], operator: "o".repeat(200), order: "" };
    const filters = reportFilters(params, today);
    expect(filters).toMatchObject({ groupBy: "day", from: "2026-10-24", to: today });
    expect(summary.safeParse(filters).success).toBe(true);
    expect(filters).not.toHaveProperty("tenantId");
  });

  it("is written from filters and read back as the same", () => {
    const filters = reportFilters({ by: "sender", from: "2026-11-01", tenant: newId(), operator: "vn-viettel" }, today);
    expect(reportFilters(search(reportHref(filters)), today)).toEqual(filters);
    expect(summary.parse(search(exportHref(filters)))).toEqual(filters);
  });

  it("keeps the filters on the way down, and leads nowhere from rows that no filter can name", () => {
    const own = newId();
    const tenant = newId();
    const byTenant = reportFilters({ by: "tenant", from: "2026-11-01", operator: "vn-viettel" }, today);
    expect(search(drillHref(byTenant, tenant, own) ?? "")).toEqual({
      by: "day",
      from: "2026-11-01",
      to: today,
      tenant,
      operator: "vn-viettel",
    });
    expect(drillHref(byTenant, own, own)).toBeUndefined();
    expect(drillHref({ ...byTenant, groupBy: "campaign" }, nilId, own)).toBeUndefined();
    expect(search(drillHref({ ...byTenant, groupBy: "day" }, "2026-11-03", own) ?? "")).toMatchObject({
      by: "campaign",
      from: "2026-11-03",
      to: "2026-11-03",
    });
  });
});
