/** Reports on a phone: names beside all bars, every period in sight, the days that are meant, and a sign that there is more. */
import { expect, test } from "#e2e/fixtures.ts";

const width = 360;
test.use({ viewport: { width, height: 740 } });

test("a report says on a phone what it says on a desk", async ({ login, windowOf }) => {
  const { person } = await login("owner", "Meridian Messaging");
  const page = await windowOf(person);
  await page.setViewportSize({ width, height: 740 });
  await page.goto("/console/reports?by=operator");

  const rows = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "Delivery rate" }) });
  const names = (await rows.getByRole("row").allTextContents()).length - 2;
  expect(names).toBeGreaterThan(1);
  const labels = page.locator("figure .recharts-yAxis-tick-labels text");
  await expect(labels).toHaveCount(Math.min(names, 10));
  for (const label of await labels.all()) {
    const box = await label.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.width ?? 0) > 0).toBe(true);
  }

  for (const period of await page.getByRole("navigation", { name: "Period" }).getByRole("link").all()) {
    const box = await period.boundingBox();
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width).toBe(true);
  }

  const scroller = page.getByRole("region").filter({ has: rows });
  const { isWider, shades } = await scroller.evaluate((box) => ({
    isWider: box.scrollWidth > box.clientWidth,
    shades: getComputedStyle(box).backgroundAttachment,
  }));
  expect(isWider).toBe(true);
  expect(shades).toBe("local, local, scroll, scroll");

  await page.getByRole("button", { name: "Filters" }).click();
  const [from, to] = [page.getByLabel("From"), page.getByLabel("To", { exact: true })];
  await expect(from).toHaveValue(/^\d{4}-\d\d-\d\d$/);
  const day = await from.inputValue();
  // The other end stays as it was shown.
  await to.fill(await from.inputValue());
  await expect(page).toHaveURL(new RegExp(`from=${day}`));
  await expect(from).toHaveValue(day);
});
