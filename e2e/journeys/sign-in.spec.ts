/** The form of the sign-in page, and what it says to somebody who guesses. */
import { expect, test } from "#e2e/fixtures.ts";
import { EntrancePage } from "#e2e/pages/entrance.ts";
import { openShop } from "#e2e/shop.ts";

const wrongTries = 5;

test("after several wrong tries an account is locked: the form says so, and even the right password waits", async ({
  login,
  windowOf,
  windowOn,
}) => {
  const aggregator = await login("owner");
  const { person, tenantId } = await openShop(aggregator, await windowOn());
  const guesser = await windowOn();
  const entrance = new EntrancePage(guesser);
  const answer = guesser.getByRole("alert").filter({ hasText: "The e-mail or the password is wrong." });
  await guesser.goto("/sign-in");
  for (let attempt = 1; attempt <= wrongTries; attempt += 1) {
    const answered = guesser.waitForResponse((response) => response.url().includes("/api/auth/callback"));
    await entrance.signIn({ ...person, password: `guess number ${attempt}` });
    await answered;
    await expect(answer).toContainText("After several wrong tries an account is locked for a while.");
  }
  await entrance.signIn(person);
  await expect(answer).toBeVisible();
  await expect(guesser).toHaveURL(/\/sign-in/);

  const owner = await windowOf(aggregator.person);
  await owner.goto(`/console/users?tenant=${tenantId}`);
  await expect(owner.getByRole("row").filter({ hasText: person.email }).getByText("Locked for a while")).toBeVisible();
});
