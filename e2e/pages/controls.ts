/** The console's own controls, as a person uses them; pages are built of these. */
import { expect, type Locator, type Page } from "@playwright/test";

/** Waits until React has taken over what the server drew: a click before that reaches nobody, and typing may be lost. */
async function alive(element: Locator): Promise<void> {
  await expect
    .poll(() => element.evaluate((node) => Object.keys(node).some((key) => key.startsWith("__reactProps"))))
    .toBe(true);
}

/** Clicks a button that an island drew. */
export async function press(button: Locator): Promise<void> {
  await expect(button).toBeEnabled();
  await alive(button);
  await button.click();
}

/** Chooses from a short list. */
export async function select(list: Locator, option: string): Promise<void> {
  await alive(list);
  await list.selectOption({ label: option });
}

/** Opens the dialog behind a button. */
export async function openDialog(page: Page, button: string | RegExp): Promise<Locator> {
  await press(page.getByRole("main").getByRole("button", { name: button }).first());
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Presses the dialog's button and waits until the verb has succeeded and the dialog is gone. */
export async function confirm(dialog: Locator, button: string): Promise<void> {
  await press(dialog.getByRole("button", { name: button, exact: true }));
  await expect(dialog).toBeHidden();
}

/** Chooses from a list that is typed into. */
export async function choose(scope: Locator, label: string | RegExp, option: string): Promise<void> {
  const box = scope.getByRole("combobox", { name: label });
  await alive(box);
  if ((await box.inputValue()) === option) return;
  await box.fill(option);
  await scope.page().getByRole("option", { name: option, exact: true }).click();
  await expect(box).toHaveValue(option);
}

/** Types into a box, again if the page came alive at that very moment. */
export async function write(box: Locator, text: string): Promise<void> {
  await alive(box);
  await expect(async () => {
    await box.fill(text);
    await expect(box).toHaveValue(text, { timeout: 2_000 });
  }).toPass();
}

/** Types into a box; the label may be followed by "optional". */
export async function type(scope: Locator, label: string, text: string): Promise<void> {
  await write(scope.getByRole("textbox", { name: new RegExp(`^${literally(label)}( ?optional)?$`) }), text);
}

/** The figure below its name. */
export function tile(scope: Page | Locator, label: string): Locator {
  const name = scope.locator("p").filter({ hasText: new RegExp(`^${literally(label)}$`) });
  return name.first().locator("xpath=following-sibling::p[1]");
}

/** The id at the end of the address of a detail page. */
export async function idFromAddress(page: Page, path: string): Promise<string> {
  await expect(page).toHaveURL(new RegExp(`${path}/[0-9a-f-]{36}$`));
  return page.url().slice(-36);
}

/** "12,345.67 VND" → micro-units; figures are compared to the last one. */
export function microsIn(text: string): bigint {
  const [, sign, whole = "", fraction = ""] = /([-−]?)(\d[\d,]*)(?:\.(\d+))?\s*[A-Z]{3}/.exec(text) ?? [];
  if (whole === "") throw new Error(`No amount of money in "${text}".`);
  const micros = BigInt(whole.replaceAll(",", "")) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return sign ? -micros : micros;
}

/** "9,845 parts" → 9845 */
export function countIn(text: string): number {
  const [count] = /\d[\d,]*/.exec(text) ?? [];
  if (count === undefined) throw new Error(`No number in "${text}".`);
  return Number(count.replaceAll(",", ""));
}

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
