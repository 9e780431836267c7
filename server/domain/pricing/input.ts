/** What callers may send to the pricing room. */
import { z } from "zod";
import { countryCode, currencyCode } from "#server/domain/tenants/input.ts";
import { pageInput } from "#server/kernel/paging.ts";

export const trafficClass = z.enum(["otp", "transactional", "bulk"]);

export const priceLine = z.strictObject({
  country: countryCode,
  /** "*" = every operator of the country that has no line of its own. */
  operatorId: z.string().min(1).max(40),
  trafficClass,
  /** Micro-units of the list's currency for one part. */
  unitPriceMicros: z
    .bigint()
    .nonnegative()
    .max(10n ** 12n, "At most one million for a part."),
});
export type PriceLine = z.input<typeof priceLine>;

const priceLines = z
  .array(priceLine)
  .max(2_000)
  .refine(
    (lines) => new Set(lines.map((l) => `${l.country}|${l.operatorId}|${l.trafficClass}`)).size === lines.length,
    {
      message: "Two lines name the same country, operator and class.",
    },
  );

export const createPriceList = z.strictObject({
  id: z.uuid(),
  /** The seller: the actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
  name: z.string().trim().min(2).max(80),
  currency: currencyCode,
  /** When a held charge becomes final. */
  postOn: z.enum(["accepted", "delivered"]),
  items: priceLines.default([]),
});
export type CreatePriceList = z.input<typeof createPriceList>;

export const updatePriceList = z.strictObject({
  id: z.uuid(),
  name: z.string().trim().min(2).max(80).optional(),
  /** The whole list as it is to be; left out: unchanged. */
  items: priceLines.optional(),
});
export type UpdatePriceList = z.input<typeof updatePriceList>;

export const priceListById = z.strictObject({ id: z.uuid() });
export type PriceListById = z.input<typeof priceListById>;

export const listPriceLists = pageInput.extend({ tenantId: z.uuid().optional() }).strict();
export type ListPriceLists = z.input<typeof listPriceLists>;

export const quoteGroup = z.strictObject({
  operatorId: z.string().min(1).max(40),
  country: countryCode,
  trafficClass,
  senderName: z.string().min(1).max(16),
  /** Per message. */
  parts: z.number().int().min(1).max(255),
  count: z.number().int().min(1).max(10_000_000),
});
export type QuoteGroup = z.input<typeof quoteGroup>;

export const quote = z.strictObject({
  /** Who would send: the actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
  /** Served in this order: give runs of equal messages in the order of sending. */
  groups: z.array(quoteGroup).min(1).max(20_000),
});
export type QuoteInput = z.input<typeof quote>;
