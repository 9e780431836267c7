/** Sender names in the console. */
import { expect, type Page } from "@playwright/test";
import { confirm, idFromAddress, openDialog, type } from "#e2e/pages/controls.ts";

export class SendersPage {
  constructor(private readonly page: Page) {}

  /** @returns its id */
  async register(name: string, purpose: string): Promise<string> {
    await this.page.goto("/console/senders");
    const dialog = await openDialog(this.page, "Register a sender name");
    await type(dialog, "Sender name", name);
    await type(dialog, "What it is for", purpose);
    await confirm(dialog, "Register");
    return idFromAddress(this.page, "/console/senders");
  }

  /** Finds the name among those that wait for the reader's decision, and approves it. */
  async approve(name: string): Promise<void> {
    await this.page.goto("/console/senders?view=awaiting");
    await this.page.getByRole("row").filter({ hasText: name }).getByRole("link").click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
    await confirm(await openDialog(this.page, "Approve"), "Approve");
    await expect(this.page.getByText(`${name}: your approval is recorded.`)).toBeVisible();
  }

  /** What stands at the name: its status, and who has decided as this reader is told. */
  async status(id: string): Promise<string> {
    await this.page.goto(`/console/senders/${id}`);
    return (await this.page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  }
}
