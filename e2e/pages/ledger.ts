/** The ledger's proof in the console. */
import { expect, type Page } from "@playwright/test";
import { press } from "#e2e/pages/controls.ts";

export class LedgerPage {
  constructor(private readonly page: Page) {}

  /** Runs the proof over everything that the reader sees, and expects that it finds no difference. */
  async expectProof(): Promise<void> {
    await this.page.goto("/console/ledger");
    await press(this.page.getByRole("button", { name: "Run the proof" }));
    await expect(this.page.getByRole("status").filter({ hasText: "Everything agrees" })).toBeVisible();
    await expect(this.page.getByRole("listitem").filter({ hasText: "holds" })).toHaveCount(3);
  }
}
