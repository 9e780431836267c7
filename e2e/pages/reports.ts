/** Reports in the console. */
import { expect, type Page } from "@playwright/test";
import { countIn, microsIn } from "#e2e/pages/controls.ts";

export type ReportFigures = {
  accepted: number;
  sent: number;
  delivered: number;
  failed: number;
  parts: number;
  /** Null where the reader has no such side. */
  revenueMicros: bigint | null;
  costMicros: bigint | null;
};

export class ReportsPage {
  constructor(private readonly page: Page) {}

  /** The last line of the report about one campaign, as this reader sees it. */
  async ofCampaign(id: string): Promise<ReportFigures> {
    await this.page.goto(`/console/reports?by=campaign&campaign=${id}`);
    const figures = this.page.getByRole("columnheader", { name: "Delivery rate" });
    const table = this.page.getByRole("table").filter({ has: figures });
    const total = table.getByRole("row").filter({ hasText: "Total" });
    await expect(total).toBeVisible();
    const names = await table.getByRole("columnheader").allTextContents();
    const cells = await total.getByRole("cell").allTextContents();
    const cell = (name: string) => cells[names.indexOf(name)];
    const money = (text: string | undefined) => (text === undefined ? null : microsIn(text));
    return {
      accepted: countIn(cell("Accepted") ?? ""),
      sent: countIn(cell("Sent") ?? ""),
      delivered: countIn(cell("Delivered") ?? ""),
      failed: countIn(cell("Failed") ?? ""),
      parts: countIn(cell("Parts") ?? ""),
      revenueMicros: money(cell("Revenue")),
      costMicros: money(cell("Cost")),
    };
  }
}
