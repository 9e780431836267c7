/** Campaigns in the console: composed, quoted, submitted, followed to the last receipt. */
import { expect, type Page } from "@playwright/test";
import { confirm, countIn, idFromAddress, microsIn, press, select, tile, type, write } from "#e2e/pages/controls.ts";

export type NewCampaign = { name: string; listId: string; sender: string; text: string };
export type Quote = { messages: number; parts: number; costMicros: bigint };

/** A campaign of ten thousand on a busy machine. */
const longMs = 300_000;

export class CampaignsPage {
  constructor(private readonly page: Page) {}

  /** Composes a campaign up to the point where it could be submitted. @returns its id */
  async compose({ name, listId, sender, text }: NewCampaign): Promise<string> {
    await this.page.goto(`/console/campaigns/new?list=${listId}`);
    await type(this.page.getByRole("main"), "Name", name);
    await press(this.page.getByRole("button", { name: "Start composing" }));
    await expect(this.page).toHaveURL(/\/edit$/);
    const id = this.page.url().split("/").at(-2) ?? "";
    await select(this.page.getByRole("region", { name: "Details" }).getByLabel("Sender name"), sender);
    await this.write(text);
    return id;
  }

  async write(text: string): Promise<void> {
    const step = this.page.getByRole("region", { name: "Message" });
    await write(step.getByRole("textbox", { name: "Text" }), text);
    await expect(this.page.getByRole("navigation", { name: "Steps" }).getByText("Kept")).toBeVisible();
  }

  /** What the composer says it will cost. */
  async quote(): Promise<Quote> {
    const review = this.page.getByRole("region", { name: "Review" });
    await expect(tile(review, "Messages")).toBeVisible({ timeout: 60_000 });
    const text = async (label: string) => (await tile(review, label).textContent()) ?? "";
    return {
      messages: countIn(await text("Messages")),
      parts: countIn(await text("Parts")),
      costMicros: microsIn(await text("You pay")),
    };
  }

  /** Submits the composed campaign and reads what became of it. */
  async submit(outcome: string): Promise<void> {
    await press(this.page.getByRole("button", { name: "Submit", exact: true }));
    await confirm(this.page.getByRole("dialog"), "Submit campaign");
    await expect(this.page.getByText(outcome)).toBeVisible();
    await idFromAddress(this.page, "/console/campaigns");
  }

  /** Watches the campaign's own page, which is not read again by hand, until every message has its end. */
  async expectEnd(id: string, { delivered, failed }: { delivered: number; failed: number }): Promise<void> {
    await this.page.goto(`/console/campaigns/${id}`);
    const written = (count: number) => new Intl.NumberFormat("en").format(count);
    await expect(tile(this.page, "Delivered")).toHaveText(written(delivered), { timeout: longMs });
    await expect(tile(this.page, "Failed")).toHaveText(written(failed));
    await expect(this.page.getByRole("heading", { level: 1 }).getByText("Completed")).toBeVisible({ timeout: longMs });
  }
}
