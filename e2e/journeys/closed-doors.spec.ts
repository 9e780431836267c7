/** What a person may not see, and what is not there: the answer's status and its page say the same. */
import { expect, test } from "#e2e/fixtures.ts";

const tenant = "Phở Thìn 1979";
const closed = ["/console/ledger", "/console/connectors/new", "/console/moderation/policy", "/console/users"];
const absent = ["/console/orders/018f0000-0000-7000-8000-000000000000", "/console/campaigns/nonsense", "/console/nope"];

test("a page outside a person's role answers 403, and one that is not there 404, inside the console", async ({
  login,
  windowOf,
}) => {
  const { person } = await login("sender", tenant);
  const page = await windowOf(person);
  const expectAnswer = async (path: string, status: number, heading: string) => {
    expect((await page.goto(path))?.status(), path).toBe(status);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveText(heading);
    await expect(page.getByRole("navigation", { name: "Navigation" })).toBeVisible();
  };
  for (const path of closed) await expectAnswer(path, 403, "Your role does not include this page");
  for (const path of absent) await expectAnswer(path, 404, "There is nothing here");
  await page.getByRole("link", { name: "To the start page" }).click();
  await expect(page).toHaveURL(/\/console$/);
});
