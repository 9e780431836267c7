/** A sub-account of its own for a journey that is about something else: made over the API, except for its owner's password. */
import { expect, type Page } from "@playwright/test";
import { EntrancePage } from "#e2e/pages/entrance.ts";
import type { Api, Person, Session } from "#e2e/session.ts";
import { newId } from "#server/kernel/id.ts";
import { microsPerUnit } from "#server/kernel/money.ts";

export type Shop = { tenantId: string; name: string; person: Person; owner: Page };

/** Directly below the aggregator, whose owner's session is given. */
export async function openShop({ api }: Session, window: Page): Promise<Shop> {
  const tenantId = newId();
  const name = `Shop ${tenantId.slice(-8)}`;
  const root = (await api.tenants.list.query()).find((tenant) => tenant.parentId === null);
  await api.tenants.create.mutate({
    id: tenantId,
    parentId: root?.id ?? "",
    kind: "subaccount",
    name,
    currency: "EUR",
    country: "VN",
    timeZone: "Asia/Ho_Chi_Minh",
    locale: "en",
  });
  const person = { email: `owner@${tenantId.slice(-8)}.example`, password: "four quiet river stones" };
  await api.users.invite.mutate({ id: newId(), tenantId, email: person.email, role: "owner" });
  await new EntrancePage(window).acceptInvitation(await invitationLink(api, person.email), "Shop Owner", person);
  return { tenantId, name, person, owner: window };
}

async function invitationLink(api: Api, email: string): Promise<string> {
  const kept = async () => (await api.emails.list.query({ search: email, status: "kept" })).items[0]?.id;
  await expect.poll(kept).toBeTruthy();
  const { text } = await api.emails.get.query({ id: (await kept()) ?? "" });
  return /https?:\/\/\S+\/invitation#\S+/.exec(text)?.[0] ?? "";
}

/** Sells the shop an order that runs from now until then. */
export async function sellOrder({ api }: Session, { tenantId, name }: Shop, validUntil: Date): Promise<void> {
  const priceListId = newId();
  const items = (["bulk", "transactional"] as const).map((trafficClass) => ({
    country: "VN",
    operatorId: "*",
    trafficClass,
    unitPriceMicros: 20_000n,
  }));
  await api.prices.create.mutate({ id: priceListId, name: `For ${name}`, currency: "EUR", postOn: "delivered", items });
  const id = newId();
  await api.orders.create.mutate({
    id,
    buyerId: tenantId,
    kind: "prepaid",
    priceListId,
    amountMicros: 100n * microsPerUnit,
    validFrom: new Date(Date.now() - 60_000),
    validUntil,
  });
  await api.orders.sign.mutate({ id });
}
