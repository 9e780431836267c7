/** What the API takes and gives, as zod: requests are checked by these, and openapi.json is made from them. */
import { z } from "zod";
import { maxItems, messageStatus, trafficClass } from "#server/domain/messages/input.ts";
import { orderStatus } from "#server/domain/orders/input.ts";

const shared = {
  sender: z.string().min(1).max(64).describe("An approved sender name or number of the account."),
  text: z.string().max(10_000).describe("At most 10 SMS parts."),
  class: trafficClass
    .optional()
    .describe("otp goes before transactional, transactional before bulk. Default transactional."),
  reference: z.string().min(1).max(128).optional().describe("The client's own id; messages can be found by it."),
  validity: z.int().min(1).max(10_080).optional().describe("Minutes that the message may wait for delivery."),
  receipt: z.boolean().optional().describe("Whether a delivery receipt is wanted on the client's own channel."),
};
const to = z.string().min(1).max(64).describe("A mobile number with its country code, for example +84912345678.");

export const oneMessage = z.strictObject({ ...shared, to });
export const manyRecipients = z.strictObject({ ...shared, to: z.array(to).min(1).max(maxItems) });
export const manyMessages = z.strictObject({ messages: z.array(oneMessage).min(1).max(maxItems) });
export const sendBody = z.union([oneMessage, manyRecipients, manyMessages]);
export type OneMessage = z.output<typeof oneMessage>;

const yesNo = z.enum(["true", "false", "1", "0"]);
export const sendQuery = z.strictObject({
  dry_run: yesNo.optional().describe("true: everything is checked and priced, nothing is sent."),
});

export const money = z.object({
  amount: z.string().describe("Exact decimal in units of the currency, for example 0.0125."),
  currency: z.string().describe("ISO 4217."),
});

const itemError = z.object({ code: z.string(), message: z.string() });
export const price = z.object({
  orderId: z.uuid(),
  unitPrice: money,
  parts: z.int(),
  total: money,
});
export const sentMessage = z.object({
  id: z.uuid(),
  to: z.string(),
  status: z.enum(["queued", "review", "refused"]),
  parts: z.int().optional(),
  error: itemError.optional(),
  encoding: z.enum(["gsm7", "ucs2"]).optional().describe("In a dry run."),
  operator: z.string().nullable().optional().describe("In a dry run."),
  prices: z.array(price).optional().describe("In a dry run: what the account pays, and from which order."),
});
export const sendAnswer = z.object({ messages: z.array(sentMessage) });

export const byId = z.strictObject({ id: z.uuid() });
const page = {
  cursor: z.uuid().optional().describe("nextCursor of the page before."),
  limit: z.coerce.number().int().min(1).max(200).optional().describe("Default 50."),
};

export const orderQuery = z.strictObject({
  ...page,
  role: z.enum(["buyer", "seller"]).optional().describe("What the account is in them. Left out: all that it may see."),
  status: orderStatus.optional(),
});
export const messageQuery = z.strictObject({
  ...page,
  search: z.string().min(1).max(128).optional().describe("Any id, the client's reference, or a number."),
  status: messageStatus.optional(),
  sender: z.string().min(1).max(64).optional(),
  from: z.iso.datetime({ offset: true }).optional().describe("Accepted at or after; seven days back when left out."),
  to: z.iso.datetime({ offset: true }).optional().describe("Accepted before."),
});

const volume = z.object({
  money: money.nullable().describe("null: not bounded by an amount."),
  parts: z.int().nullable().describe("null: not bounded by parts."),
});
export const order = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: z.enum(["prepaid", "postpaid"]),
  status: orderStatus,
  buyer: z.string(),
  currency: z.string(),
  validFrom: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  left: volume,
  held: volume,
  spent: volume,
});
export const orderPage = z.object({ items: z.array(order), nextCursor: z.uuid().nullable() });
export const orderDetail = order.extend({
  prices: z.array(
    z.object({
      country: z.string(),
      operator: z.string().nullable().describe("null: every operator of the country without a line of its own."),
      class: trafficClass,
      unitPrice: money,
    }),
  ),
});
export const balance = z.object({
  balances: z.array(
    z.object({ currency: z.string(), left: volume, held: volume, spent: volume, orders: z.array(z.uuid()) }),
  ),
});

export const message = z.object({
  id: z.uuid(),
  sender: z.string(),
  to: z.string(),
  text: z.string(),
  class: trafficClass,
  status: messageStatus,
  errorCode: z.string().nullable(),
  possibleDuplicate: z
    .boolean()
    .describe("It may have been sent twice: a carrier's answer was lost and it was sent again."),
  parts: z.int(),
  encoding: z.enum(["gsm7", "ucs2"]),
  operator: z.string(),
  reference: z.string().nullable(),
  campaignId: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
  validUntil: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  doneAt: z.iso.datetime().nullable(),
});
export const messagePage = z.object({ items: z.array(message), nextCursor: z.uuid().nullable() });
export const messageDetail = message.extend({
  timeline: z.array(
    z.object({
      at: z.iso.datetime(),
      kind: z.string(),
      part: z.int().nullable(),
      detail: z.record(z.string(), z.unknown()),
    }),
  ),
  prices: z.array(
    price.extend({ state: z.enum(["held", "posted", "voided"]).describe("posted: charged; voided: given back.") }),
  ),
});
