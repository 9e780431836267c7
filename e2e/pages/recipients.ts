/** Recipient lists and opt-outs in the console. */
import { expect, type Page } from "@playwright/test";
import { confirm, countIn, idFromAddress, openDialog, press, tile, type } from "#e2e/pages/controls.ts";

export type ListFigures = {
  accepted: number;
  invalid: number;
  duplicates: number;
  optedOut: number;
  unknown: number;
};
export type File = { name: string; text: string };

export class RecipientsPage {
  constructor(private readonly page: Page) {}

  async optOut(numbers: string[]): Promise<void> {
    await this.page.goto("/console/recipients/opt-outs");
    const dialog = await openDialog(this.page, "Add numbers");
    await type(dialog, "Numbers", numbers.join("\n"));
    await confirm(dialog, "Add");
    await expect(this.page.getByText(`${numbers.length} numbers added.`)).toBeVisible();
  }

  async choose({ name, text }: File): Promise<void> {
    await this.page.goto("/console/recipients/new");
    const box = this.page.locator("input[type=file]");
    await expect(box).toBeEnabled();
    await box.setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text, "utf8") });
  }

  /** Uploads a file and opens the list that it has become. @returns the list's id */
  async upload(file: File): Promise<string> {
    await this.choose(file);
    await press(this.page.getByRole("button", { name: "Upload", exact: true }));
    await press(this.page.getByRole("link", { name: "Open the list" }));
    return idFromAddress(this.page, "/console/recipients");
  }

  /** The figures on the list's page that is open. */
  async figures(): Promise<ListFigures> {
    const figure = async (label: string) => countIn((await tile(this.page, label).textContent()) ?? "");
    return {
      accepted: await figure("Accepted"),
      invalid: await figure("Invalid"),
      duplicates: await figure("Duplicates"),
      optedOut: await figure("Opted out"),
      unknown: await figure("Unknown operator"),
    };
  }
}
