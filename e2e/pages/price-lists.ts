/** Price lists in the console. */
import { expect, type Page } from "@playwright/test";
import { choose, confirm, idFromAddress, openDialog, press, select, type, write } from "#e2e/pages/controls.ts";

export type NewPriceList = {
  name: string;
  /** As the list of currencies names it. */
  currency: string;
  postOn: "When the carrier accepts it" | "When it is delivered";
  /** Pasted: country; operator; class; price. */
  lines: string[];
};

export class PriceListsPage {
  constructor(private readonly page: Page) {}

  async create({ name, currency, postOn, lines }: NewPriceList): Promise<void> {
    await this.page.goto("/console/price-lists");
    const dialog = await openDialog(this.page, "New price list");
    await type(dialog, "Name", name);
    await choose(dialog, "Currency", currency);
    await select(dialog.getByLabel("Charged"), postOn);
    await confirm(dialog, "Create and add prices");
    await idFromAddress(this.page, "/console/price-lists");
    await this.paste(lines);
    await press(this.page.getByRole("button", { name: "Save prices" }));
    await expect(this.page.getByText("The prices are saved.")).toBeVisible();
  }

  private async paste(lines: string[]): Promise<void> {
    const dialog = await openDialog(this.page, "Paste as CSV");
    await write(dialog.getByRole("textbox"), lines.join("\n"));
    await confirm(dialog, `Take ${lines.length} ${lines.length === 1 ? "line" : "lines"}`);
  }
}
