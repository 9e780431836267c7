/** What callers may send to the orders room. */
import { z } from "zod";
import { moment } from "#server/kernel/moment.ts";
import { pageInput } from "#server/kernel/paging.ts";

const amountMicros = z
  .bigint()
  .positive()
  .max(10n ** 17n, "At most 100 billion.");
const parts = z
  .bigint()
  .positive()
  .max(10n ** 12n);

/** What an order may come to by top-ups; a tenth of what the ledger can hold. */
export const mostMicros = 9n * 10n ** 17n;
export const mostParts = 10n ** 15n;

const terms = {
  kind: z.enum(["prepaid", "postpaid"]),
  priceListId: z.uuid(),
  /** Prepaid: what is paid in. Postpaid: the credit limit. Null = bounded by parts only. */
  amountMicros: amountMicros.nullable(),
  /** Null = bounded by amount only. */
  partsLimit: parts.nullable(),
  validFrom: moment,
  validUntil: moment,
  /** Null = every approved sender name of the buyer and below. */
  senderNames: z.array(z.string().trim().min(1).max(16)).min(1).max(200).nullable(),
  nearlyUsedPercent: z.number().int().min(1).max(99),
  note: z.string().trim().max(1_000).nullable(),
};

export const createOrder = z
  .strictObject({
    id: z.uuid(),
    buyerId: z.uuid(),
    ...terms,
    /** Left out: the next number of the seller. */
    number: z
      .string()
      .trim()
      .min(3)
      .max(40)
      .regex(/^[^\p{Cc}\p{Cf}]*$/u, "Use visible characters only.")
      .optional(),
    amountMicros: terms.amountMicros.default(null),
    partsLimit: terms.partsLimit.default(null),
    senderNames: terms.senderNames.default(null),
    nearlyUsedPercent: terms.nearlyUsedPercent.default(80),
    note: terms.note.default(null),
  })
  .refine((o) => o.amountMicros !== null || o.partsLimit !== null, {
    message: "Bound the order by an amount, by parts, or by both.",
    path: ["amountMicros"],
  })
  .refine((o) => o.validUntil > o.validFrom, { message: "The end must be after the start.", path: ["validUntil"] });
export type CreateOrder = z.input<typeof createOrder>;

/** Drafts only. */
export const updateOrder = z.strictObject({ id: z.uuid(), ...z.object(terms).partial().shape });
export type UpdateOrder = z.input<typeof updateOrder>;

export const orderById = z.strictObject({ id: z.uuid() });
export type OrderById = z.input<typeof orderById>;

export const closeOrder = z.strictObject({ id: z.uuid(), reason: z.string().trim().min(3).max(300) });
export type CloseOrder = z.input<typeof closeOrder>;

export const topUpOrder = z
  .strictObject({
    /** Of this change, chosen by the caller: the same id again adds nothing. */
    id: z.uuid(),
    orderId: z.uuid(),
    addAmountMicros: amountMicros.optional(),
    addParts: parts.optional(),
    validUntil: moment.optional(),
    note: z.string().trim().max(300).optional(),
  })
  .refine((t) => t.addAmountMicros !== undefined || t.addParts !== undefined || t.validUntil !== undefined, {
    message: "Say what to add: an amount, parts, or time.",
  });
export type TopUpOrder = z.input<typeof topUpOrder>;

export const orderStatus = z.enum([
  "draft",
  "signed",
  "active",
  "nearly_used",
  "used_up",
  "expired",
  "closed",
  "cancelled",
]);

export const listOrders = pageInput
  .extend({
    /** Whose orders: the actor's own tenant when left out. */
    tenantId: z.uuid().optional(),
    /** What that tenant is in them; left out: every order that it or anybody below it sells or buys. */
    role: z.enum(["seller", "buyer"]).optional(),
    status: z.array(orderStatus).max(8).optional(),
    counterpartyId: z.uuid().optional(),
    priceListId: z.uuid().optional(),
  })
  .strict();
export type ListOrders = z.input<typeof listOrders>;
