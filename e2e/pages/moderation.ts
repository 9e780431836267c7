/** Moderation in the console: the policy and the queue. */
import { expect, type Page } from "@playwright/test";
import { press } from "#e2e/pages/controls.ts";

export class ModerationPage {
  constructor(private readonly page: Page) {}

  /** Lets a person look at every text of the reader's tenant and below. */
  async reviewEverything(): Promise<void> {
    await this.page.goto("/console/moderation/policy");
    const everything = this.page.getByRole("radio", { name: /^Everything/ });
    await press(everything);
    await expect(everything).toBeChecked();
    await press(this.page.getByRole("button", { name: "Save", exact: true }));
    await expect(this.page.getByText("Saved.")).toBeVisible();
  }

  /** Approves what waits for the reader under a sender name. @returns what the card in the queue says */
  async approve(sender: string): Promise<string> {
    await this.page.goto("/console/moderation");
    const card = this.page.getByRole("article").filter({ has: this.page.getByRole("link", { name: sender }) });
    const said = (await card.textContent()) ?? "";
    await press(card.getByRole("button", { name: "Approve" }));
    const dialog = this.page.getByRole("dialog");
    await press(dialog.getByRole("button", { name: "Approve" }));
    await expect(this.page.getByText("Approved: it goes out.")).toBeVisible();
    return said;
  }
}
