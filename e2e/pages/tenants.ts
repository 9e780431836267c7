/** Tenants in the console. */
import { expect, type Page } from "@playwright/test";
import { choose, confirm, idFromAddress, openDialog, select, type } from "#e2e/pages/controls.ts";

export type NewTenant = {
  name: string;
  kind: "Regional company" | "Partner" | "Sub-account";
  currency: string;
};

export class TenantsPage {
  constructor(private readonly page: Page) {}

  /** Creates a tenant directly below the signed-in person's own, in Vietnam. @returns its id */
  async create({ name, kind, currency }: NewTenant): Promise<string> {
    await this.page.goto("/console/tenants");
    const dialog = await openDialog(this.page, "New tenant");
    await type(dialog, "Name", name);
    await select(dialog.getByLabel("Kind"), kind);
    await choose(dialog, "Country", "Vietnam (VN)");
    await choose(dialog, "Currency", currency);
    await choose(dialog, "Time zone", "Asia/Ho Chi Minh");
    await select(dialog.getByLabel("Language"), "English");
    await confirm(dialog, "Create tenant");
    const id = await idFromAddress(this.page, "/console/tenants");
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
    return id;
  }
}
