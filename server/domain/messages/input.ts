/** What callers may send to the messages room. Pure zod: forms and edges import it. */
import { z } from "zod";

export const trafficClass = z.enum(["otp", "transactional", "bulk"]);
/** Of a message that names none. */
export const usualClass = "transactional" satisfies z.output<typeof trafficClass>;
export const messageStatus = z.enum([
  "review",
  "queued",
  "sending",
  "sent",
  "delivered",
  "undelivered",
  "failed",
  "expired",
  "unknown",
  "cancelled",
  "rejected",
]);
export type MessageStatus = z.output<typeof messageStatus>;

/** One call accepts at most this many messages. */
export const maxItems = 10_000;

/** See WireExtras in db/schema/smpp.ts. */
const wireExtras = z.strictObject({
  parts: z.strictObject({ total: z.number().int(), told: z.array(z.number().int()) }).optional(),
  multi: z.literal(true).optional(),
  serviceType: z.string().max(5).optional(),
  tlvs: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
});

/**
 * One message. What is wrong with `sender`, `to` or `text` refuses this message only, so the shape is wide here and
 * the verb says what is wrong.
 */
export const submitItem = z.strictObject({
  /** UUIDv7 chosen by the caller: the same id again changes nothing. */
  id: z.uuid(),
  sender: z.string().max(64),
  to: z.string().max(64),
  /** Far above ten parts: the limit of parts is the verb's. */
  text: z.string().max(100_000),
  class: trafficClass.default(usualClass),
  /** The client's own id, searchable. */
  reference: z.string().min(1).max(128).optional(),
  /** How long it may wait for a carrier; the class decides when left out. */
  validityMinutes: z.number().int().min(1).max(10_080).optional(),
  /** The same as a moment, for edges that are told one; goes before `validityMinutes`. */
  validUntil: z.date().optional(),
  /** Not before this moment; at once when left out. It is priced and held at acceptance. */
  sendAt: z.date().optional(),
  /** Whether the client wants to be told of the end on its own channels; yes when left out. */
  receipt: z.union([z.boolean(), z.literal("on_failure")]).optional(),
  /** What a bind asked for beside; kept with the message. */
  wire: wireExtras.optional(),
});
export type SubmitItem = z.input<typeof submitItem>;

const messageSource = z.enum(["campaign", "http", "trpc", "smpp", "console"]);

export const submitMessages = z.strictObject({
  batchId: z.uuid(),
  source: messageSource,
  campaignId: z.uuid().optional(),
  /** The content was screened before (a campaign's); honoured for jobs only. */
  skipScreening: z.boolean().optional(),
  items: z.array(submitItem).min(1).max(maxItems),
  /** Everything is checked and priced, nothing is written. */
  dryRun: z.boolean().optional(),
  /** The first answer to this key is stored and given again; the hash is of the request's body. */
  idempotency: z.strictObject({ key: z.string().min(1).max(255), bodyHash: z.string().min(1).max(128) }).optional(),
});
export type SubmitMessages = z.input<typeof submitMessages>;

/** What a form or a tRPC client sends: the edge says where it came from. */
export const sendMessages = z.strictObject({
  batchId: z.uuid(),
  items: z
    .array(submitItem.omit({ wire: true }))
    .min(1)
    .max(maxItems),
  dryRun: z.boolean().optional(),
});

const moment = z.union([z.date(), z.iso.datetime({ offset: true })]).transform((value) => new Date(value));

/** A part of a long message is known to its SMPP client as the message's id with a point and its number. */
const wholeMessage = (search: string): string => search.replace(/^([0-9a-f-]{36})\.\d{1,2}$/i, "$1");

const messageFilters = {
  /** Any id: ours, the client's reference, the carrier's, a batch, a campaign, or a number in any notation. */
  search: z.string().trim().min(1).max(128).transform(wholeMessage).optional(),
  status: z.array(messageStatus).max(11).optional(),
  sender: z.string().trim().min(1).max(64).optional(),
  operatorId: z.string().min(1).max(64).optional(),
  campaignId: z.uuid().optional(),
  trafficClass: trafficClass.optional(),
  /** A tenant in the caller's subtree; the caller's own when left out. */
  tenantId: z.uuid().optional(),
  scope: z.enum(["self", "subtree"]).default("subtree"),
  /** Accepted at or after; seven days back when left out. */
  from: moment.optional(),
  /** Accepted before; now when left out. */
  to: moment.optional(),
};

export const listMessages = z.strictObject({
  ...messageFilters,
  cursor: z.uuid().optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListMessages = z.input<typeof listMessages>;

export const exportMessages = z.strictObject(messageFilters);
export type ExportMessages = z.input<typeof exportMessages>;

/** Any id at all: what it is, is found out. */
export const askWhy = z.strictObject({ id: z.string().trim().min(1).max(200) });
export type AskWhy = z.input<typeof askWhy>;

export const getMessage = z.strictObject({ id: z.uuid() });
export type GetMessage = z.input<typeof getMessage>;

/** A bounded step of a decision or a stop: call again while `remaining` is not zero. */
export const batchStep = z.strictObject({
  tenantId: z.uuid(),
  batchId: z.uuid(),
  limit: z.number().int().min(1).max(5_000).default(1_000),
});
export type BatchStep = z.input<typeof batchStep>;

export const cancelMessages = z
  .strictObject({
    /** Either a campaign's chunk … */
    campaignId: z.uuid().optional(),
    /** … or messages by id. */
    ids: z.array(z.uuid()).min(1).max(1_000).optional(),
    limit: z.number().int().min(1).max(5_000).default(1_000),
  })
  .refine((input) => input.campaignId !== undefined || input.ids !== undefined, "Name a campaign or messages.");
export type CancelMessages = z.input<typeof cancelMessages>;
