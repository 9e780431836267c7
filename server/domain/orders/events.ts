/** What the orders room tells the others. "Nearly used" and "used up" happen in the ledger: ledger/events.ts. */
import { z } from "zod";
import { eventType } from "#server/kernel/outbox.ts";

const orderMoved = z.object({ orderId: z.uuid(), number: z.string(), sellerId: z.uuid(), buyerId: z.uuid() });

export const orderSigned = eventType("orders/order.signed", orderMoved);
export const orderActivated = eventType("orders/order.activated", orderMoved);
export const orderExpired = eventType("orders/order.expired", orderMoved);
export const orderClosed = eventType("orders/order.closed", orderMoved);

/** The event's data, out of any order. */
export const orderMove = (o: { id: string; number: string; sellerId: string; buyerId: string }) => ({
  orderId: o.id,
  number: o.number,
  sellerId: o.sellerId,
  buyerId: o.buyerId,
});
