/** What callers may send to the webhooks room. Pure zod: the console's forms import it. */
import { z } from "zod";

/** What an endpoint may be told of, as its payloads name it. */
export const webhookEventTypes = [
  "message.sent",
  "message.delivered",
  "message.undelivered",
  "message.failed",
  "message.expired",
  "message.cancelled",
  "message.rejected",
  "order.nearly_used",
  "order.used_up",
  "campaign.finished",
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

/** The ends of a message: what an endpoint is told of when its owner does not choose. */
export const defaultEventTypes: WebhookEventType[] = [
  "message.delivered",
  "message.undelivered",
  "message.failed",
  "message.expired",
  "message.cancelled",
  "message.rejected",
];

/** Events of one request. */
export const mostBatched = 100;

const webAddress = z
  .string()
  .trim()
  .max(2_000)
  .refine(isWebAddress, "Use an http or https address without a user name and a password.");

function isWebAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && (url.protocol === "https:" || url.protocol === "http:") && !url.username && !url.password;
}

const description = z
  .string()
  .trim()
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, "Use visible characters only.");
const events = z.array(z.enum(webhookEventTypes)).min(1, "Choose at least one event.").max(webhookEventTypes.length);
const batchSize = z.number().int().min(1).max(mostBatched);
/** Standard Webhooks 1.0: `whsec_` and 24 to 64 octets in base64. */
const secret = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    "Use whsec_ and 24 to 64 octets in base64.",
  )
  .refine(
    (value) => isBetween(24, octetsOf(value.slice("whsec_".length)), 64),
    "Use whsec_ and 24 to 64 octets in base64.",
  );

const octetsOf = (base64: string): number => Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
const isBetween = (least: number, value: number, most: number): boolean => value >= least && value <= most;

export const createWebhook = z.strictObject({
  id: z.uuid(),
  /** The actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
  url: webAddress,
  description: description.default(""),
  events: events.default(defaultEventTypes),
  /** More than one: requests carry a list of up to so many events. */
  batchSize: batchSize.default(1),
  /** Made by us when left out. */
  secret: secret.optional(),
});
export type CreateWebhook = z.input<typeof createWebhook>;

export const updateWebhook = z.strictObject({
  id: z.uuid(),
  url: webAddress.optional(),
  description: description.optional(),
  events: events.optional(),
  batchSize: batchSize.optional(),
});
export type UpdateWebhook = z.input<typeof updateWebhook>;

export const webhookById = z.strictObject({ id: z.uuid() });
export type WebhookById = z.input<typeof webhookById>;

export const listWebhooks = z.strictObject({
  /** The actor's own tenant when left out. */
  tenantId: z.uuid().optional(),
});
export type ListWebhooks = z.input<typeof listWebhooks>;

export const attemptOutcome = z.enum(["delivered", "retried", "given_up", "test_passed", "test_failed"]);

export const listAttempts = z.strictObject({
  id: z.uuid(),
  outcome: attemptOutcome.optional(),
  /** Only those that told of this message. */
  messageId: z.uuid().optional(),
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListAttempts = z.input<typeof listAttempts>;

const moment = z.union([z.date(), z.iso.datetime({ offset: true })]).transform((value) => new Date(value));
const longestRangeMs = 31 * 86_400_000;

export const replayRange = z
  .strictObject({
    /** Of the replay: the same id again starts nothing. */
    id: z.uuid(),
    webhookId: z.uuid(),
    /** Messages accepted at or after. */
    from: moment,
    /** Messages accepted before. */
    to: moment,
  })
  .refine(({ from, to }) => from < to, { path: ["to"], message: "The end must be after the beginning." })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= longestRangeMs, {
    path: ["to"],
    message: "Choose at most 31 days.",
  });
export type ReplayRange = z.input<typeof replayRange>;

export const replayMessages = z.strictObject({
  webhookId: z.uuid(),
  messageIds: z.array(z.uuid()).min(1).max(1_000),
});
export type ReplayMessages = z.input<typeof replayMessages>;

export const replayById = z.strictObject({ id: z.uuid() });
export type ReplayById = z.input<typeof replayById>;
