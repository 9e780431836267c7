/**
 * The whole way of a campaign through the console: an aggregator makes a region, the region a partner, the partner a
 * sub-account; everybody sells to the next, approves its sender name, and earns on its campaign to the last micro-unit.
 */
import type { Page } from "@playwright/test";
import { addressOf, expect, test } from "#e2e/fixtures.ts";
import { CampaignsPage } from "#e2e/pages/campaigns.ts";
import { LedgerPage } from "#e2e/pages/ledger.ts";
import { ModerationPage } from "#e2e/pages/moderation.ts";
import { type OrderFigures, OrdersPage } from "#e2e/pages/orders.ts";
import { RecipientsPage } from "#e2e/pages/recipients.ts";
import { type ReportFigures, ReportsPage } from "#e2e/pages/reports.ts";
import { SendersPage } from "#e2e/pages/senders.ts";
import { type Expected, expectedOf, makeRecipientsFile, priceOf } from "#e2e/recipients-file.ts";
import { emailOf, join, type Level, open, type Plan } from "#e2e/reseller-chain.ts";
import { expectWhiteLabel } from "#e2e/white-label.ts";

const run = Date.now().toString(36);
const sender = `LOTUS${run.slice(-5).toUpperCase()}`;
const text =
  "Hi {{name}}, your order {{code}} is ready. Please collect it at our counter before Sunday. Thank you for shopping with us!";

const regionPlan = {
  tenant: { name: `Delta Region ${run}`, kind: "Regional company", currency: "VND · Vietnamese Dong" },
  brand: {
    productName: `Riverline ${run}`,
    mainColour: "#0b5c8a",
    secondColour: "#8a3b0b",
    host: `riverline-${run}.localhost`,
  },
  bought: {
    currency: "EUR",
    postOn: "When the carrier accepts it",
    prices: { "*": 12_500n, "vn-viettel": 13_125n },
    terms: { kind: "Postpaid", amount: "900", parts: "60000" },
  },
} satisfies Plan;
const partnerPlan = {
  tenant: { name: `Highland Partner ${run}`, kind: "Partner", currency: "VND · Vietnamese Dong" },
  brand: {
    productName: `Sunbird ${run}`,
    mainColour: "#5b21b6",
    secondColour: "#be185d",
    host: `sunbird-${run}.localhost`,
  },
  bought: {
    currency: "VND",
    postOn: "When it is delivered",
    prices: { "*": 520_500_000n, "vn-mobifone": 533_250_001n },
    terms: { kind: "Prepaid", amount: "30000000", parts: "50000" },
  },
} satisfies Plan;
const shopPlan = {
  tenant: { name: `Corner Shop ${run}`, kind: "Sub-account", currency: "VND · Vietnamese Dong" },
  bought: {
    currency: "VND",
    postOn: "When it is delivered",
    prices: { "*": 690_000_000n },
    terms: { kind: "Prepaid", amount: "20000000", parts: "40000" },
  },
} satisfies Plan;

test("a campaign is sold down the chain, moderated, delivered, and paid for exactly at every level", async ({
  demo,
  login,
  windowOf,
  windowOn,
}) => {
  const { person } = await login("owner");
  const root = await windowOf(person);

  const region = await test.step("the aggregator opens a region", () => open(root, regionPlan, undefined, windowOn));
  const partner = await test.step("the region opens a partner", () =>
    open(region.owner, partnerPlan, region.host, windowOn));
  const shop = await test.step("the partner opens a sub-account", () =>
    open(partner.owner, shopPlan, partner.host, windowOn));
  const moderator = await test.step("the region sets a moderator to look at everything", async () => {
    await new ModerationPage(region.owner).reviewEverything();
    const guest = await windowOn(region.host);
    return join(region.owner, guest, { email: emailOf("moderator", region.name), role: "Moderator" });
  });

  await test.step("the sub-account registers a sender name, and everybody above approves it in turn", async () => {
    const id = await new SendersPage(shop.owner).register(sender, "Tells customers that their order is ready.");
    expect(await new SendersPage(shop.owner).status(id)).toContain("Pending");
    for (const approver of [partner.owner, moderator, root]) await new SendersPage(approver).approve(sender);
    expect(await new SendersPage(shop.owner).status(id)).toContain("Approved");
  });

  const file = makeRecipientsFile(`Customers ${run}.csv`);
  const expected = expectedOf(file, text);
  const listId = await test.step("a person who sends uploads ten thousand recipients", async () => {
    const guest = await windowOn(shop.host);
    const person = await join(shop.owner, guest, { email: emailOf("sender", shop.name), role: "Sender" });
    const recipients = new RecipientsPage(person);
    await recipients.optOut(file.optedOut);
    const id = await recipients.upload(file);
    expect(await recipients.figures()).toEqual({
      accepted: file.recipients.length,
      invalid: file.invalid,
      duplicates: file.duplicates,
      optedOut: file.optedOut.length,
      unknown: file.unknown,
    });
    return id;
  });

  const campaignId = await test.step("the owner composes a campaign and sees its parts and its price", () =>
    composeAndSubmit(shop.owner, listId, expected));
  await test.step("the region's moderator lets it go out", async () => {
    const said = await new ModerationPage(moderator).approve(sender);
    expect(said).toContain(shop.name);
    expect(said).toContain(`${expected.all.messages.toLocaleString("en")} recipients`);
  });
  await test.step("it is delivered to the last receipt", () =>
    new CampaignsPage(shop.owner).expectEnd(campaignId, {
      delivered: expected.delivered.messages,
      failed: expected.all.messages - expected.delivered.messages,
    }));

  await test.step("every order says what was sent, what it cost, and what is left", () =>
    expectOrders({ root, region, partner, shop }, expected));
  await test.step("every level's report says the same", () =>
    expectReports({ root, region, partner, shop }, campaignId, expected));
  await test.step("the ledger proves itself at every level", async () => {
    for (const reader of [root, region.owner, partner.owner, shop.owner]) await new LedgerPage(reader).expectProof();
  });
  await test.step("the sub-account never reads who stands above its provider", () =>
    expectWhiteLabel(shop.owner, addressOf(shop.host), {
      campaignId,
      listId,
      orderId: shop.orderId,
      names: [
        demo.users[0]?.tenant ?? "",
        region.name,
        regionPlan.brand.productName,
        partner.name,
        "Meridian",
        "Banyan",
      ],
      shown: partnerPlan.brand.productName,
    }));
});

async function composeAndSubmit(author: Page, listId: string, expected: Expected): Promise<string> {
  const campaigns = new CampaignsPage(author);
  const id = await campaigns.compose({ name: `Ready orders ${run}`, listId, sender, text });
  expect(await campaigns.quote()).toEqual({
    messages: expected.all.messages,
    parts: expected.all.parts,
    costMicros: priceOf(expected.all, shopPlan.bought.prices),
  });
  await campaigns.submit("The campaign waits for a moderator.");
  return id;
}

type Chain = { root: Page; region: Level; partner: Level; shop: Level };

/** A purchase as both its sides see it: the region pays for what the carrier accepts, the others for what is delivered. */
async function expectOrders({ root, region, partner, shop }: Chain, { accepted, delivered }: Expected): Promise<void> {
  const orders = [
    { order: region, plan: regionPlan, tally: accepted, readers: [root, region.owner] },
    { order: partner, plan: partnerPlan, tally: delivered, readers: [region.owner, partner.owner] },
    { order: shop, plan: shopPlan, tally: delivered, readers: [partner.owner, shop.owner] },
  ];
  for (const { order, plan, tally, readers } of orders) {
    const { prices, terms } = plan.bought;
    const spentMicros = priceOf(tally, prices);
    const wanted: OrderFigures = {
      spentMicros,
      heldMicros: 0n,
      leftMicros: BigInt(terms.amount) * 1_000_000n - spentMicros,
      spentParts: tally.parts,
      leftParts: Number(terms.parts) - tally.parts,
    };
    for (const reader of readers) expect(await new OrdersPage(reader).figures(order.orderId)).toEqual(wanted);
  }
}

async function expectReports(chain: Chain, campaignId: string, { all, accepted, delivered }: Expected): Promise<void> {
  const counts = {
    accepted: all.messages,
    sent: accepted.messages,
    delivered: delivered.messages,
    failed: all.messages - delivered.messages,
    parts: all.parts,
  };
  const regionPays = priceOf(accepted, regionPlan.bought.prices);
  const partnerPays = priceOf(delivered, partnerPlan.bought.prices);
  const shopPays = priceOf(delivered, shopPlan.bought.prices);
  const read = (reader: Page) => () => new ReportsPage(reader).ofCampaign(campaignId);
  const same = async (reader: Page, wanted: ReportFigures) => expect.poll(read(reader)).toEqual(wanted);
  await same(chain.root, { ...counts, revenueMicros: regionPays, costMicros: null });
  await same(chain.partner.owner, { ...counts, revenueMicros: shopPays, costMicros: partnerPays });
  await same(chain.shop.owner, { ...counts, revenueMicros: null, costMicros: shopPays });
  // The region sells in one currency and buys in another.
  await same(chain.region.owner, { ...counts, revenueMicros: partnerPays, costMicros: regionPays });
}
