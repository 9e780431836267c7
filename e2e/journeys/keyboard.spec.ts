/** The console without a mouse: where focus goes, what Escape does, the palette and the letters after "g". */
import { expect, test } from "#e2e/fixtures.ts";
import { press } from "#e2e/pages/controls.ts";

test("the console is used by keyboard alone", async ({ login, windowOf }) => {
  const { person } = await login("owner");
  const page = await windowOf(person);
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  const focused = page.locator(":focus");

  await page.goto("/console/orders");
  await test.step("the first stop leads past the menu, and every stop is seen", async () => {
    await page.keyboard.press("Tab");
    await expect(focused).toHaveText("Skip to the content");
    for (let stop = 0; stop < 25; stop += 1) {
      await expect(focused).toHaveCSS("outline-style", "solid");
      await page.keyboard.press("Tab");
    }
  });
  await test.step("the palette finds a page; Escape gives the focus back", async () => {
    const opener = page.getByRole("button", { name: /Search or go/ });
    await press(opener);
    await expect(palette.getByRole("combobox")).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(palette).toBeHidden();
    await expect(opener).toBeFocused();
    await page.keyboard.press("Control+k");
    await expect(palette.getByRole("combobox")).toBeFocused();
    await page.keyboard.type("price");
    await expect(palette.getByRole("option", { name: "Price lists", selected: true })).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/console\/price-lists$/);
    await expect(palette).toBeHidden();
  });
  await test.step("g and a letter lead on; a dialog begins at its first field and closes by Escape", async () => {
    await expect(page.getByRole("heading", { level: 1, name: "Price lists" })).toBeVisible();
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await expect(page).toHaveURL(/\/console\/tenants$/);
    const opener = page.getByRole("main").getByRole("button", { name: "New tenant" }).first();
    await expect(opener).toBeEnabled();
    await opener.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "New tenant" });
    await expect(dialog.locator(":focus")).toHaveAttribute("name", "name");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
  });
});
