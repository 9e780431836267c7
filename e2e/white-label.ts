/** Reads every page that a tenant's people can reach, its source included, and looks for names that they must not learn. */
import { expect, type Page } from "@playwright/test";

type WhiteLabel = {
  campaignId: string;
  listId: string;
  orderId: string;
  /** Of those above, and of the software. */
  names: string[];
  /** The brand that does stand there. */
  shown: string;
};

export async function expectWhiteLabel(
  page: Page,
  address: string,
  { names, shown, ...ids }: WhiteLabel,
): Promise<void> {
  await page.goto("/console");
  const links = page.getByRole("navigation").getByRole("link");
  await expect(links.first()).toBeVisible();
  const menu = await links.evaluateAll((found) => found.map((link) => link.getAttribute("href") ?? ""));
  const paths = new Set([...menu, ...detailsOf(ids), "/console/account"]);
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    const source = await page.content();
    expect({ path, isBranded: source.includes(shown), told: names.filter((name) => source.includes(name)) }).toEqual({
      path,
      isBranded: true,
      told: [],
    });
  }
  expect(new URL(page.url()).origin).toBe(address);
}

const detailsOf = ({ campaignId, listId, orderId }: { campaignId: string; listId: string; orderId: string }) => [
  `/console/campaigns/${campaignId}`,
  `/console/messages?campaign=${campaignId}`,
  `/console/recipients/${listId}`,
  `/console/orders/${orderId}`,
  `/console/reports?by=order&campaign=${campaignId}`,
];
