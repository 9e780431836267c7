/** Users and their invitations in the console. */
import { expect, type Page } from "@playwright/test";
import { confirm, openDialog, type } from "#e2e/pages/controls.ts";

export type Role = "Owner" | "Manager" | "Sender" | "Moderator" | "Finance" | "Support" | "Viewer";

export class PeoplePage {
  constructor(private readonly page: Page) {}

  /** @param tenantId one below the signed-in person's own; their own when left out */
  async invite(email: string, role: Role, tenantId?: string): Promise<void> {
    await this.page.goto(tenantId ? `/console/users?tenant=${tenantId}` : "/console/users");
    const dialog = await openDialog(this.page, "Invite a user");
    await type(dialog, "E-mail", email);
    await dialog.getByRole("radio", { name: new RegExp(`^${role}`) }).check();
    await confirm(dialog, "Send invitation");
    await expect(this.page.getByRole("row").filter({ hasText: email }).getByText("Invited")).toBeVisible();
  }

  /** Reads the invitation among the e-mails that the installation has kept. @returns its link */
  async invitationLink(email: string): Promise<string> {
    await expect(async () => {
      await this.page.goto(`/console/emails?q=${encodeURIComponent(email)}`);
      await expect(this.page.getByRole("row").filter({ hasText: email }).getByText("Kept here")).toBeVisible({
        timeout: 2_000,
      });
    }).toPass();
    await this.page.getByRole("row").filter({ hasText: email }).getByRole("link").click();
    const text = this.page.getByText("Accept the invitation: http");
    await expect(text).toBeVisible();
    return /https?:\/\/\S+\/invitation#\S+/.exec((await text.textContent()) ?? "")?.[0] ?? "";
  }
}
