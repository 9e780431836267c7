/** Orders in the console: drafted and signed by sellers, read by both sides. */
import { expect, type Page } from "@playwright/test";
import { choose, confirm, countIn, idFromAddress, microsIn, openDialog, select, type } from "#e2e/pages/controls.ts";

export type NewOrder = {
  buyer: string;
  kind: "Prepaid" | "Postpaid";
  /** Decimal; paid in, or the credit limit. */
  amount: string;
  parts?: string;
};
export type OrderFigures = {
  spentMicros: bigint;
  heldMicros: bigint;
  leftMicros: bigint;
  spentParts: number;
  leftParts: number;
};

export class OrdersPage {
  constructor(private readonly page: Page) {}

  /** Drafts an order on the newest price list and signs it: it runs from today on. @returns its id */
  async sell({ buyer, kind, amount, parts }: NewOrder): Promise<string> {
    await this.page.goto("/console/orders");
    const dialog = await openDialog(this.page, "New order");
    await choose(dialog, "Buyer", buyer);
    await select(dialog.getByLabel("Payment"), kind);
    await type(dialog, kind === "Prepaid" ? "Amount paid in" : "Credit limit", amount);
    if (parts) await type(dialog, "Parts", parts);
    await confirm(dialog, "Create draft");
    const id = await idFromAddress(this.page, "/console/orders");
    await confirm(await openDialog(this.page, "Sign"), "Sign");
    await expect(this.page.getByRole("heading", { level: 1 }).getByText("Active")).toBeVisible();
    return id;
  }

  /** What an order's page says is spent, held and left. */
  async figures(id: string): Promise<OrderFigures> {
    await this.page.goto(`/console/orders/${id}`);
    const text = async (card: string, label: string) => {
      const item = this.page.getByRole("figure", { name: card }).getByRole("listitem").filter({ hasText: label });
      return (await item.textContent()) ?? "";
    };
    return {
      spentMicros: microsIn(await text("Money", "Spent")),
      heldMicros: microsIn(await text("Money", "Held")),
      leftMicros: microsIn(await text("Money", "Left")),
      spentParts: countIn(await text("Parts", "Spent")),
      leftParts: countIn(await text("Parts", "Left")),
    };
  }
}
