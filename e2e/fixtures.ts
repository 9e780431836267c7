/** What a journey starts from: the demo's people, and a page signed in as one of them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import type { Demo } from "#scripts/seed.ts";

type Fixtures = {
  demo: Demo;
  /** Signs in through the form, as the first person of the demo who has this role (in this tenant). */
  signIn(role: string, tenant?: string): Promise<Page>;
};

export const test = base.extend<Fixtures>({
  baseURL: ({ browserName: _ }, use) => use(process.env.E2E_BASE_URL),
  demo: async ({ browserName: _ }, use) => use(JSON.parse(readFileSync(demoFile(), "utf8")) as Demo),
  signIn: async ({ page, demo }, use) => {
    await use(async (role, tenant) => {
      const person = demo.users.find((user) => user.role === role && (!tenant || user.tenant === tenant));
      if (!person) throw new Error(`The demo has no ${role}${tenant ? ` in ${tenant}` : ""}.`);
      await page.goto("/sign-in");
      await page.getByLabel("E-mail").fill(person.email);
      await page.getByLabel("Password").fill(person.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await expect(page).toHaveURL(/\/console/);
      return page;
    });
  },
});
export { expect };

function demoFile(): string {
  const folder = process.env.E2E_DATA_DIR;
  if (!folder) throw new Error("The product is not running: e2e/global-setup.ts did not set E2E_DATA_DIR.");
  return path.join(folder, "demo.json");
}
