/** What the ledger tells the others: an order's room runs out, or comes back. The other order events: orders/events.ts. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

const orderUse = z.object({
  orderId: z.uuid(),
  number: z.string(),
  sellerId: z.uuid(),
  buyerId: z.uuid(),
  /** Of the dimension, money or parts, that is used most. */
  usedPercent: z.number().int(),
  /** What was agreed in all, top-ups included: a notice is due once for each value (decimal text; null = no bound). */
  amountMicros: z.string().nullable(),
  partsLimit: z.string().nullable(),
});

export const orderNearlyUsed = eventType("orders/order.nearly_used", orderUse);
export const orderUsedUp = eventType("orders/order.used_up", orderUse);

/** The nightly proof found a balance that its entries or its messages do not explain. */
export const ledgerDiffers = eventType(
  "ledger/proof.failed",
  z.object({ tenantId: z.uuid(), orders: z.number(), messages: z.number(), differences: z.number() }),
);
