/** What callers may ask the reports room. Pure zod: the console's filters import it. */
import { z } from "zod";

const day = z.iso.date();

export const groupings = ["day", "tenant", "campaign", "sender", "operator", "order"] as const;

const filters = {
  /** Days (UTC) on which messages were accepted, both included. The last 30 when left out. */
  from: day.optional(),
  to: day.optional(),
  /** A tenant in the caller's subtree: it and everything below it. */
  tenantId: z.uuid().optional(),
  campaignId: z.uuid().optional(),
  senderId: z.uuid().optional(),
  operatorId: z.string().min(1).max(64).optional(),
  /** An order that the caller bought or sold. */
  orderId: z.uuid().optional(),
};

export const summary = z.strictObject({ ...filters, groupBy: z.enum(groupings).default("day") });
export type Summary = z.input<typeof summary>;
export type SummaryFilters = z.output<typeof summary>;

export const dashboard = z.strictObject({ tenantId: z.uuid().optional() });
export type Dashboard = z.input<typeof dashboard>;

export const orderUse = z.strictObject({ orderId: z.uuid() });
export type OrderUse = z.input<typeof orderUse>;
