/** What goes wrong in daily work, as a person sees it: every time the reason and what to do about it. */
import { expect, test } from "#e2e/fixtures.ts";
import { CampaignsPage } from "#e2e/pages/campaigns.ts";
import { press, write } from "#e2e/pages/controls.ts";
import { RecipientsPage } from "#e2e/pages/recipients.ts";
import { SendMessagePage } from "#e2e/pages/send-message.ts";
import { SendersPage } from "#e2e/pages/senders.ts";
import { openShop, sellOrder } from "#e2e/shop.ts";

const reachable = "+84 961 234 567";
const unreachable = "+48 501 234 567";
const elevenParts = "ổ".repeat(671);
const rows = (count: number) => Array.from({ length: count }, (_, at) => `+8496${String(2_000_000 + at)};Mai ${at}`);

test("a file, a sender name, a text, a number and an order that cannot be used are each answered clearly", async ({
  login,
  windowOn,
}) => {
  const seller = await login("owner");
  const shop = await openShop(seller, await windowOn());
  const { owner } = shop;
  const recipients = new RecipientsPage(owner);
  const alert = (text: string) => owner.getByRole("alert").filter({ hasText: text });

  await test.step("a file that is no CSV is refused before it is uploaded", async () => {
    await recipients.choose({ name: "broken.csv", text: 'phone;name\n+84961234567;"Mai\n+84961234568;Long\n' });
    await expect(alert("The file cannot be read at row 2")).toContainText("A quotation mark opens here");
    await expect(owner.getByRole("button", { name: "Upload", exact: true })).toBeHidden();
  });

  const listId = await test.step("a file that breaks far below names the row, and can be uploaded again", async () => {
    const good = rows(5_000);
    const broken = [...good.slice(0, 4_900), '+84967777777;"Never closed', ...good.slice(4_900)];
    await recipients.choose({ name: "customers.csv", text: `phone;name\n${broken.join("\n")}\n` });
    await press(owner.getByRole("button", { name: "Upload", exact: true }));
    await expect(alert("The file cannot be read at row 4,902")).toContainText("A quotation mark opens here");
    const id = await recipients.upload({ name: "customers.csv", text: `phone;name\n${good.join("\n")}\n` });
    expect((await recipients.figures()).accepted).toBe(good.length);
    return id;
  });

  const sender = `SHOP${shop.tenantId.slice(-6).toUpperCase()}`;
  const senderId = await test.step("a sender name that nobody has approved cannot be chosen", async () => {
    const id = await new SendersPage(owner).register(sender, "The shop's own name");
    await owner.goto("/console/messages/send");
    await expect(owner.getByRole("main").getByText("no approved sender name")).toBeVisible();
    await owner.goto(`/console/campaigns/new?list=${listId}`);
    await write(owner.getByRole("textbox", { name: "Name" }), "Too early");
    await press(owner.getByRole("button", { name: "Start composing" }));
    await expect(owner.getByText("You have no approved sender name yet")).toBeVisible();
    await expect(owner.getByRole("button", { name: "Submit", exact: true })).toBeDisabled();
    return id;
  });
  await seller.api.senders.decide.mutate({ id: senderId, decision: "approved" });

  const messages = new SendMessagePage(owner);
  await test.step("without an order nothing is sent", () =>
    messages.expectRefusal({ to: reachable, text: "Hello" }, "You have no active order. Ask your provider for one."));
  await test.step("a text of more than ten parts is refused, in a message and in a campaign", async () => {
    const answer = "The text takes more than 10 parts. Shorten it.";
    await messages.expectRefusal({ to: reachable, text: elevenParts }, answer);
    const campaigns = new CampaignsPage(owner);
    await campaigns.compose({ name: "Too long", listId, sender, text: elevenParts });
    await expect(owner.getByText("11 parts · at most 10: shorten it")).toBeVisible();
    await expect(owner.getByRole("button", { name: "Submit", exact: true })).toBeDisabled();
  });
  await test.step("a number that belongs to no known operator is refused, and so is no number at all", async () => {
    await messages.expectRefusal({ to: unreachable, text: "Hello" }, "The number belongs to no operator");
    await messages.expectRefusal({ to: "12345", text: "Hello" }, "This is not a mobile number.");
  });
  await test.step("an order that has expired says so, in a message and in a campaign's quote", async () => {
    const validUntil = new Date(Date.now() + 10_000);
    await sellOrder(seller, shop, validUntil);
    await expect.poll(() => Date.now()).toBeGreaterThan(validUntil.getTime());
    await messages.expectRefusal(
      { to: reachable, text: "Hello" },
      "Your order has expired. Ask your provider for a new one.",
    );
    const campaigns = new CampaignsPage(owner);
    await campaigns.compose({ name: "Too late", listId, sender, text: "Hello {{name}}" });
    await expect(alert("5,000 recipients: The order has expired.")).toBeVisible();
    await expect(owner.getByRole("button", { name: "Submit", exact: true })).toBeDisabled();
  });
  await test.step("a new order puts everything right", async () => {
    await sellOrder(seller, shop, new Date(Date.now() + 86_400_000));
    await messages.send({ to: reachable, text: "Hello" });
    await expect(async () => {
      await owner.reload();
      await expect(owner.getByRole("heading", { level: 1 }).getByText("Delivered")).toBeVisible({ timeout: 2_000 });
    }).toPass();
  });
});
