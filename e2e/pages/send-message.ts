/** One message written in the console. */
import { expect, type Page } from "@playwright/test";
import { press, type } from "#e2e/pages/controls.ts";

export class SendMessagePage {
  constructor(private readonly page: Page) {}

  /** Writes a message, checks it, and expects it to be refused with this answer. */
  async expectRefusal(message: { to: string; text: string }, answer: string): Promise<void> {
    await this.check(message);
    await expect(this.page.getByRole("alert").filter({ hasText: answer })).toBeVisible();
  }

  /** Writes a message, checks it, and sends it. */
  async send(message: { to: string; text: string }): Promise<void> {
    await this.check(message);
    await press(this.page.getByRole("dialog").getByRole("button", { name: "Send now" }));
    await expect(this.page).toHaveURL(/\/console\/messages\/[0-9a-f-]{36}$/);
  }

  private async check({ to, text }: { to: string; text: string }): Promise<void> {
    await this.page.goto("/console/messages/send");
    const form = this.page.getByRole("main").locator("form");
    await type(form, "Recipient", to);
    await type(form, "Text", text);
    await press(form.getByRole("button", { name: "Check", exact: false }));
  }
}
