/** What callers may send to the campaigns room. Pure zod: the console's forms import it. */
import { z } from "zod";
import { timeZone } from "#server/domain/tenants/input.ts";
import { pageInput } from "#server/kernel/paging.ts";

export const campaignStatus = z.enum([
  "draft",
  "in_review",
  "rejected",
  "scheduled",
  "running",
  "paused",
  "held",
  "sending",
  "completed",
  "stopped",
]);

const name = z.string().trim().min(1).max(120);
/** Ten parts of UCS-2 are 670 characters, of GSM-7 1,530; variables take room of their own. */
const template = z.string().max(3_000);
const trafficClass = z.enum(["transactional", "bulk"]);

export const campaignId = z.strictObject({ id: z.uuid() });
export type CampaignId = z.input<typeof campaignId>;

export const createCampaign = z.strictObject({
  id: z.uuid(),
  name,
  trafficClass: trafficClass.default("bulk"),
  senderId: z.uuid().optional(),
  template: template.default(""),
});
export type CreateCampaign = z.input<typeof createCampaign>;

/** What is left out stays as it is; null takes it away. */
export const updateCampaign = z
  .strictObject({
    id: z.uuid(),
    name: name.optional(),
    trafficClass: trafficClass.optional(),
    senderId: z.uuid().nullable().optional(),
    template: template.optional(),
    /** When to launch; null = as soon as it is submitted and approved. */
    scheduledAt: z.date().nullable().optional(),
    /** The zone in which the time was chosen, for example Asia/Ho_Chi_Minh. */
    timeZone: timeZone.nullable().optional(),
  })
  .refine((input) => !input.scheduledAt || Boolean(input.timeZone), {
    path: ["timeZone"],
    message: "Say in which time zone the launch was chosen.",
  });
export type UpdateCampaign = z.input<typeof updateCampaign>;

export const setAudience = z.strictObject({ id: z.uuid(), listId: z.uuid().nullable() });
export type SetAudience = z.input<typeof setAudience>;

export const duplicateCampaign = z.strictObject({ id: z.uuid(), newId: z.uuid(), name: name.optional() });
export type DuplicateCampaign = z.input<typeof duplicateCampaign>;

export const composeCheck = z.strictObject({ template, listId: z.uuid().nullable().optional() });
export type ComposeCheck = z.input<typeof composeCheck>;

export const listCampaigns = pageInput
  .extend({
    /** A tenant in the caller's subtree; the caller's own when left out. */
    tenantId: z.uuid().optional(),
    scope: z.enum(["self", "subtree"]).default("self"),
    status: z.array(campaignStatus).max(10).optional(),
    search: z.string().trim().max(120).optional(),
  })
  .strict();
export type ListCampaigns = z.input<typeof listCampaigns>;

export const listRefusals = z.strictObject({
  id: z.uuid(),
  after: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(200).default(50),
});
export type ListRefusals = z.input<typeof listRefusals>;

/** How many recipients one call takes on. */
export const maxStep = 10_000;
export const expandCampaign = z.strictObject({
  campaignId: z.uuid(),
  /** The first recipient that the caller believes is next; what was taken on before is left alone. */
  fromOrdinal: z.number().int().min(1),
  limit: z.number().int().min(1).max(maxStep).default(2_000),
});
export type ExpandCampaign = z.input<typeof expandCampaign>;
