/** What people see before they are signed in. */
import { expect, type Page } from "@playwright/test";
import { press, type, write } from "#e2e/pages/controls.ts";
import type { Person } from "#e2e/session.ts";

export class EntrancePage {
  constructor(private readonly page: Page) {}

  /** Opens the link of an invitation, chooses a password, and lands in the console. */
  async acceptInvitation(link: string, name: string, { password }: Person): Promise<void> {
    await this.page.goto(link);
    await type(this.page.locator("form"), "Your name", name);
    await write(this.page.getByLabel("New password"), password);
    await press(this.page.getByRole("button", { name: "Save and sign in" }));
    await expect(this.page).toHaveURL(/\/console/);
  }

  /** Sends the form; where it leads is the caller's to expect. */
  async signIn({ email, password }: Person): Promise<void> {
    await write(this.page.getByLabel("E-mail"), email);
    await write(this.page.getByLabel("Password"), password);
    await press(this.page.getByRole("button", { name: "Sign in" }));
  }
}
