/** The chain of tenants in the main journey: who sells to whom, at what price, under which name. */
import { expect, type Page } from "@playwright/test";
import { type Brand, BrandPage } from "#e2e/pages/brand.ts";
import { EntrancePage } from "#e2e/pages/entrance.ts";
import { type NewOrder, OrdersPage } from "#e2e/pages/orders.ts";
import { PeoplePage, type Role } from "#e2e/pages/people.ts";
import { type NewPriceList, PriceListsPage } from "#e2e/pages/price-lists.ts";
import { type NewTenant, TenantsPage } from "#e2e/pages/tenants.ts";

/** What a tenant sells to those below it. */
export type Sale = {
  currency: "EUR" | "VND";
  postOn: NewPriceList["postOn"];
  /** Micro-units for one part, by operator; "*" for the others. */
  prices: Record<string, bigint>;
  terms: Omit<NewOrder, "buyer">;
};

export type Plan = { tenant: NewTenant; brand?: Brand; bought: Sale };

/** A tenant of the chain, as its owner has it open. */
export type Level = { name: string; tenantId: string; orderId: string; host: string | undefined; owner: Page };

const currencies = { EUR: "EUR · Euro", VND: "VND · Vietnamese Dong" } as const;
const password = "four quiet river stones";

export type WindowOn = (host?: string) => Promise<Page>;

/**
 * A seller's owner makes a tenant with its brand, sells it an order, and invites its owner, who accepts in a window of
 * their own.
 */
export async function open(
  seller: Page,
  plan: Plan,
  sellersHost: string | undefined,
  windowOn: WindowOn,
): Promise<Level> {
  const { tenant, brand, bought } = plan;
  const host = brand?.host ?? sellersHost;
  const tenantId = await new TenantsPage(seller).create(tenant);
  if (brand) await new BrandPage(seller).give(tenantId, brand);
  const orderId = await sell(seller, tenant.name, bought);
  const owner = await join(seller, await windowOn(host), {
    email: emailOf("owner", tenant.name),
    role: "Owner",
    tenantId,
  });
  if (brand) {
    await expect(owner.getByRole("link", { name: brand.productName }).first()).toBeVisible();
    await expect(owner.locator("html")).toHaveCSS("--brand-fill", brand.mainColour);
  }
  return { name: tenant.name, tenantId, orderId, host, owner };
}

async function sell(seller: Page, buyer: string, { currency, postOn, prices, terms }: Sale): Promise<string> {
  const lines = Object.entries(prices).map(([operator, micros]) => `VN;${operator};bulk;${decimal(micros)}`);
  await new PriceListsPage(seller).create({ name: `For ${buyer}`, currency: currencies[currency], postOn, lines });
  return new OrdersPage(seller).sell({ buyer, ...terms });
}

type Guest = { email: string; role: Role; tenantId?: string };

/** Invites a person; they open the e-mail's link in their own window and are in the console then. */
export async function join(inviter: Page, guest: Page, { email, role, tenantId }: Guest): Promise<Page> {
  const people = new PeoplePage(inviter);
  await people.invite(email, role, tenantId);
  const link = await people.invitationLink(email);
  await new EntrancePage(guest).acceptInvitation(link, `${role} Person`, { email, password });
  return guest;
}

export const emailOf = (who: string, tenant: string): string =>
  `${who}@${tenant.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.example`;

const decimal = (micros: bigint): string => `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, "0")}`;
