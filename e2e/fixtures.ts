/** What a journey starts from: the demo's people, and pages of people who are signed in. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { EntrancePage } from "#e2e/pages/entrance.ts";
import { openSession, type Person, type Session } from "#e2e/session.ts";
import type { Demo } from "#scripts/seed.ts";

type Fixtures = {
  demo: Demo;
  /** Signs in through the form, as the first person of the demo who has this role (in this tenant). */
  signIn(role: string, tenant?: string): Promise<Page>;
  /** The same person's session without the form: for calls of the API. */
  login(role: string, tenant?: string): Promise<Session & { person: Person }>;
  /** A window of its own for a signed-in person. `host` is a brand's; left out: the installation's own address. */
  windowOf(person: Person, host?: string): Promise<Page>;
  /** A window of somebody who is not signed in. */
  windowOn(host?: string): Promise<Page>;
};

export const test = base.extend<Fixtures>({
  baseURL: ({ browserName: _ }, use) => use(baseUrl()),
  demo: async ({ browserName: _ }, use) => use(JSON.parse(readFileSync(demoFile(), "utf8")) as Demo),
  signIn: async ({ page, demo }, use) => {
    await use(async (role, tenant) => {
      const person = personOf(demo, role, tenant);
      await page.goto("/sign-in");
      await new EntrancePage(page).signIn(person);
      await expect(page).toHaveURL(/\/console/);
      return page;
    });
  },
  login: async ({ demo }, use) => {
    await use(async (role, tenant) => {
      const person = personOf(demo, role, tenant);
      return { person, ...(await openSession(baseUrl(), person)) };
    });
  },
  windowOf: async ({ windowOn }, use) => {
    await use(async (person, host) => {
      const page = await windowOn(host);
      const { cookie } = await openSession(baseUrl(), person);
      await page.context().addCookies([{ ...cookie, url: addressOf(host) }]);
      return page;
    });
  },
  windowOn: async ({ browser }, use) => {
    const opened: Page[] = [];
    await use(async (host) => {
      const page = await browser.newPage({ baseURL: addressOf(host) });
      opened.push(page);
      return page;
    });
    for (const page of opened) await page.context().close();
  },
});
export { expect };

/** The installation's address, on a brand's host where one is given. */
export function addressOf(host?: string): string {
  const address = new URL(baseUrl());
  if (host) address.hostname = host;
  return address.origin;
}

export function personOf(demo: Demo, role: string, tenant?: string): Demo["users"][number] {
  const person = demo.users.find((user) => user.role === role && (!tenant || user.tenant === tenant));
  if (!person) throw new Error(`The demo has no ${role}${tenant ? ` in ${tenant}` : ""}.`);
  return person;
}

function baseUrl(): string {
  const address = process.env.E2E_BASE_URL;
  if (!address) throw new Error("The product is not running: e2e/global-setup.ts did not set E2E_BASE_URL.");
  return address;
}

function demoFile(): string {
  const folder = process.env.E2E_DATA_DIR;
  if (!folder) throw new Error("The product is not running: e2e/global-setup.ts did not set E2E_DATA_DIR.");
  return path.join(folder, "demo.json");
}
