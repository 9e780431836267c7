/** One address serves the site, the console, the API and its document. */
import { expect, test } from "#e2e/fixtures.ts";
import { EntrancePage } from "#e2e/pages/entrance.ts";

test("a visitor is led to the sign-in page, and a wrong password is refused there", async ({ page, demo }) => {
  await page.goto("/console");
  await expect(page).toHaveURL(/\/sign-in/);
  await new EntrancePage(page).signIn({ email: demo.users[0]?.email ?? "", password: "not the password" });
  await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the owner signs in and reaches the console", async ({ signIn }) => {
  const page = await signIn("owner");
  await expect(page.getByRole("main")).toBeVisible();
});

test("the API answers beside the console", async ({ request }) => {
  const document = await request.get("/api/v1/openapi.json");
  expect((await document.json()).openapi).toBe("3.1.0");
  const refused = await request.post("/api/v1/messages", { data: {} });
  expect(refused.status()).toBe(401);
  const health = await request.get("/health");
  expect(await health.json()).toMatchObject({ live: true, ready: true });
});
