/** Every main page, in both themes, on a desk and on a phone: no console error, nothing too wide, nothing that shuts people out. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page, TestInfo } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { sellersPaths, sendersPaths } from "#e2e/detail-paths.ts";
import { addressOf, expect, test } from "#e2e/fixtures.ts";

declare global {
  interface Window {
    axe: { run(options: object): Promise<AxeResults> };
  }
}

/** The aggregator has every page; a sub-account has lists and campaigns of its own, and another language. */
const [seller, sender] = ["Meridian Messaging", "Phở Thìn 1979"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rooms = readdirSync("app/_messages/en").map((name) => name.replace(/\.json$/, ""));
const messageKey = new RegExp(`\\b(?:${rooms.join("|")})\\.[a-z][\\w.]*`, "g");
const themes = ["light", "dark"] as const;
const entrance = ["/sign-in", "/forgot-password", "/invitation"];
const mains = [
  "/console",
  "/console/campaigns",
  "/console/campaigns/new",
  "/console/recipients",
  "/console/recipients/new",
  "/console/recipients/opt-outs",
  "/console/senders",
  "/console/messages",
  "/console/queue",
  "/console/messages/send",
  "/console/why",
  "/console/moderation",
  "/console/moderation/policy",
  "/console/tenants",
  "/console/orders",
  "/console/price-lists",
  "/console/reports",
  "/console/ledger",
  "/console/connectors",
  "/console/connectors/new",
  "/console/connectors/new?kind=http",
  "/console/routes",
  "/console/brand",
  "/console/users",
  "/console/api-keys",
  "/console/webhooks",
  "/console/smpp-accounts",
  "/console/emails",
  "/console/retention",
  "/console/audit-log",
  "/console/account",
];

// The steps of eighty pages would make a trace larger than all pictures together.
test.use({ trace: "off" });

for (const { width, height, locale } of [
  { width: 1440, height: 900, locale: "en-GB" },
  // The longest words on the narrowest screen.
  { width: 360, height: 740, locale: "ru-RU" },
]) {
  test(`every page is sound in both themes at ${width} px`, async ({ browser, login }, info) => {
    const viewport = { width, height };
    const [above, below] = [await login("owner", seller), await login("owner", sender)];
    const problems = [
      ...(await lookAt(browser, { viewport, locale }, null, entrance, info)),
      ...(await lookAt(
        browser,
        { viewport, locale },
        above.cookie,
        [...mains, ...(await sellersPaths(above.api))],
        info,
      )),
      ...(await lookAt(
        browser,
        { viewport, locale: "vi-VN" },
        below.cookie,
        ["/console", ...(await sendersPaths(below.api))],
        info,
      )),
    ];
    expect(problems).toEqual([]);
  });
}

type Cookie = { name: string; value: string };
type Screen = { viewport: { width: number; height: number }; locale: string };

/** In a window of its own: a guest's, or that of the person whose cookie this is. */
async function lookAt(
  browser: Browser,
  screen: Screen,
  cookie: Cookie | null,
  paths: string[],
  info: TestInfo,
): Promise<string[]> {
  const context = await browser.newContext({ baseURL: addressOf(), ...screen });
  // Windows of this browser share their cookies.
  await context.clearCookies();
  if (cookie) await context.addCookies([{ ...cookie, url: addressOf() }]);
  const page = await context.newPage();
  const problems = listen(page);
  for (const path of paths) problems.push(...(await look(page, path, info)));
  await context.close();
  return problems;
}

/** What the browser itself complains about, with the page on which it did; the list grows. */
function listen(page: Page): string[] {
  const problems: string[] = [];
  const where = () => new URL(page.url()).pathname;
  page.on("pageerror", (error) => problems.push(`${where()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${where()}: ${message.text()}`);
  });
  return problems;
}

/** Opens a page, keeps its pictures, and says what is wrong with it. */
async function look(page: Page, path: string, info: TestInfo): Promise<string[]> {
  await page.goto(path);
  await expect(page).toHaveURL(addressOf() + path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  // Only a page that has come alive can complain.
  await page.waitForFunction(() =>
    Object.keys(document.querySelector("main") ?? {}).some((key) => key.startsWith("__react")),
  );
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const problems = excess > 0 ? [`${path}: ${excess} px too wide`] : [];
  problems.push(...(await untranslated(page)).map((key) => `${path}: no text for ${key}`));
  await page.evaluate(axeSource);
  const name = path
    .slice(1)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "one")
    .replace(/\W/g, "-");
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${theme}\\b`));
    problems.push(...(await barriers(page, theme)).map((barrier) => `${path}, ${theme}: ${barrier}`));
    await page.screenshot({ path: info.outputPath(`${name}-${theme}.png`) });
  }
  return problems;
}

/** A text that the catalogue lacks is shown as its key: "orders.none". */
async function untranslated(page: Page): Promise<string[]> {
  const told = `${await page.title()}\n${await page.locator("body").ariaSnapshot()}`;
  return [...new Set(told.match(messageKey))];
}

/** What axe finds serious or critical. Themes differ in colours alone: only the first is looked at for all the rest too. */
function barriers(page: Page, theme: (typeof themes)[number]): Promise<string[]> {
  const options = theme === themes[0] ? {} : { runOnly: { type: "rule", values: ["color-contrast"] } };
  return page.evaluate(async (options) => {
    const { violations } = await window.axe.run({ resultTypes: ["violations"], ...options });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }, options);
}
