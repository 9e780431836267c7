/** A tenant's brand in the console. */
import { expect, type Page } from "@playwright/test";
import { confirm, openDialog, press, type } from "#e2e/pages/controls.ts";

export type Brand = { productName: string; mainColour: string; secondColour: string; host: string };

export class BrandPage {
  constructor(private readonly page: Page) {}

  /** Gives a tenant below the signed-in person's own its name, colours and address. */
  async give(tenantId: string, { productName, mainColour, secondColour, host }: Brand): Promise<void> {
    await this.page.goto(`/console/brand?tenant=${tenantId}`);
    const main = this.page.getByRole("main");
    await type(main, "Product name", productName);
    await type(main, "Main colour", mainColour);
    await type(main, "Second colour", secondColour);
    await press(main.getByRole("button", { name: "Save", exact: true }));
    await expect(this.page.getByText("The brand is saved.")).toBeVisible();
    const dialog = await openDialog(this.page, "Add an address");
    await type(dialog, "Host name", host);
    await confirm(dialog, "Add an address");
    await expect(main.getByRole("listitem").filter({ hasText: host }).getByText("Answers")).toBeVisible();
  }
}
