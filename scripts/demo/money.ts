/** Price lists and orders of the demo, in every state that an order can be in. */
import type { Database } from "#db/client.ts";
import { ownerOf, platform } from "#scripts/demo/actors.ts";
import { demoPrices, demoTenants } from "#scripts/demo/tree.ts";
import { closeOrder } from "#server/domain/orders/close.ts";
import { createOrder } from "#server/domain/orders/create.ts";
import { expireOrders } from "#server/domain/orders/expire.ts";
import type { CreateOrder } from "#server/domain/orders/input.ts";
import { signOrder } from "#server/domain/orders/sign.ts";
import { createPriceList } from "#server/domain/pricing/create-list.ts";
import type { PriceLine } from "#server/domain/pricing/input.ts";
import { newId } from "#server/kernel/id.ts";
import { microsPerUnit } from "#server/kernel/money.ts";

const dayMs = 86_400_000;
const classes = ["otp", "transactional", "bulk"] as const;

function lines(byCountry: Partial<Record<"VN" | "DE" | "ES", bigint>>): PriceLine[] {
  return Object.entries(byCountry).flatMap(([country, base]) =>
    classes.map((trafficClass) => ({
      country,
      operatorId: "*",
      trafficClass,
      // Advertising costs a tenth less, a one-time password a fifth more.
      unitPriceMicros: trafficClass === "bulk" ? (base * 9n) / 10n : trafficClass === "otp" ? (base * 12n) / 10n : base,
    })),
  );
}

/** Every edge of the tree gets a running order; some get more, to show the other states. */
export async function makeOrders(db: Database, ids: Map<string, string>): Promise<void> {
  const lists = new Map<string, string>();
  const of = (slug: string): string => ids.get(slug) ?? "";
  const listOf = async (seller: string, currency: string, items: PriceLine[]): Promise<string> => {
    const known = lists.get(seller);
    if (known) return known;
    const id = newId();
    const postOn = seller === "meridian" ? "accepted" : "delivered";
    await createPriceList(ownerOf(db, of(seller)), { id, name: `Standard ${currency}`, currency, postOn, items });
    lists.set(seller, id);
    return id;
  };
  for (const tenant of demoTenants) {
    const priceListId = await listOf(tenant.parent, sellingCurrency(tenant.parent), pricesOf(tenant.parent));
    await sell(db, of(tenant.parent), running(tenant.slug, of(tenant.slug), priceListId));
    await sellOthers(db, of(tenant.parent), tenant.slug, { buyerId: of(tenant.slug), priceListId });
  }
  await expireOrders(platform(db, of("meridian")));
}

function sellingCurrency(seller: string): string {
  if (seller === "meridian") return "EUR";
  return demoTenants.find((t) => t.slug === seller)?.currency ?? "EUR";
}

function pricesOf(seller: string): PriceLine[] {
  if (seller === "meridian") return lines(demoPrices.region);
  if (seller === "songhong") return lines({ VN: demoPrices.partnerVnd });
  if (seller === "nordwind") return lines(demoPrices.partnerEur);
  const isVietnamese = sellingCurrency(seller) === "VND";
  return lines(isVietnamese ? { VN: demoPrices.subaccountVnd } : demoPrices.subaccountEur);
}

type Terms = Omit<CreateOrder, "id">;

/** Sub-accounts prepay, regions and partners have credit; two are small, so that they run low in front of one's eyes. */
function running(slug: string, buyerId: string, priceListId: string): Terms {
  const common = {
    buyerId,
    priceListId,
    validFrom: new Date(Date.now() - dayMs),
    validUntil: new Date(Date.now() + 180 * dayMs),
  };
  const tenant = demoTenants.find((t) => t.slug === slug);
  if (slug === "anhduong") return { ...common, kind: "prepaid", partsLimit: 700n };
  if (slug === "vietduc") return { ...common, kind: "prepaid", partsLimit: 250n };
  const sold = sellingCurrency(tenant?.parent ?? "") === "VND" ? 40_000_000n : 6_000n;
  if (tenant?.kind === "subaccount") return { ...common, kind: "prepaid", amountMicros: sold * microsPerUnit };
  return { ...common, kind: "postpaid", amountMicros: sold * 20n * microsPerUnit };
}

async function sell(db: Database, sellerId: string, terms: Terms, at?: Date): Promise<string> {
  const ctx = ownerOf(db, sellerId, at);
  const order = await createOrder(ctx, { id: newId(), ...terms });
  await signOrder(ctx, { id: order.id });
  return order.id;
}

async function sellOthers(
  db: Database,
  sellerId: string,
  slug: string,
  { buyerId, priceListId }: { buyerId: string; priceListId: string },
): Promise<void> {
  const inDays = (days: number) => new Date(Date.now() + days * dayMs);
  const base = { buyerId, priceListId, kind: "prepaid" as const, partsLimit: 50_000n };
  const ctx = ownerOf(db, sellerId);
  if (slug === "phothin") {
    await sell(
      db,
      sellerId,
      { ...base, validFrom: inDays(-60), validUntil: inDays(-10), note: "Khuyến mãi mùa thu" },
      inDays(-55),
    );
    await sell(db, sellerId, { ...base, validFrom: inDays(30), validUntil: inDays(120), note: "Tết" });
    await createOrder(ctx, { id: newId(), ...base, validFrom: inDays(0), validUntil: inDays(365), note: "Chờ ký" });
  }
  if (slug === "hanoidigital") {
    const closed = await sell(db, sellerId, { ...base, validFrom: inDays(-20), validUntil: inDays(60) }, inDays(-20));
    await closeOrder(ctx, { id: closed, reason: "Thay bằng hợp đồng mới" });
  }
  if (slug === "nordwind") {
    await createOrder(ctx, { id: newId(), ...base, kind: "postpaid", validFrom: inDays(1), validUntil: inDays(90) });
  }
}
