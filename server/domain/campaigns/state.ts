/** The life of a campaign: which step leads from which status to which. Pure; every verb of the room asks here. */
import type { campaignStatuses } from "#db/schema/campaigns.ts";
import { conflict } from "#server/kernel/errors.ts";

export type CampaignStatus = (typeof campaignStatuses)[number];

const table = {
  /** Its owner edits what was rejected. */
  revise: { draft: "draft", rejected: "draft" },
  review: { draft: "in_review" },
  reject: { in_review: "rejected" },
  schedule: { draft: "scheduled", in_review: "scheduled" },
  launch: { draft: "running", in_review: "running", scheduled: "running" },
  withdraw: { in_review: "draft", scheduled: "draft" },
  pause: { running: "paused", sending: "paused" },
  /** By the platform: the order is used up, or a tenant on the path is suspended. */
  hold: { running: "held" },
  /** A campaign whose recipients are all handed over passes through running to sending again. */
  resume: { paused: "running", held: "running" },
  /** Every recipient was handed to submit. */
  expanded: { running: "sending" },
  /** Every message has its last status. */
  complete: { sending: "completed" },
  stop: {
    in_review: "stopped",
    scheduled: "stopped",
    running: "stopped",
    paused: "stopped",
    held: "stopped",
    sending: "stopped",
  },
} as const satisfies Record<string, Partial<Record<CampaignStatus, CampaignStatus>>>;

export type CampaignStep = keyof typeof table;
export const campaignSteps = Object.keys(table) as CampaignStep[];

/** Where the step leads, or null when it may not be taken now. */
export function nextStatus(status: CampaignStatus, step: CampaignStep): CampaignStatus | null {
  const row: Partial<Record<CampaignStatus, CampaignStatus>> = table[step];
  return row[status] ?? null;
}

/** @throws conflict `campaign_status` */
export function advanceCampaign(status: CampaignStatus, step: CampaignStep): CampaignStatus {
  const next = nextStatus(status, step);
  if (!next) {
    throw conflict("campaign_status", `A campaign that is ${status.replace("_", " ")} cannot do this: ${step}.`, {
      status,
      step,
    });
  }
  return next;
}

/** What a person may do now: the console shows these. */
export const stepsFrom = (status: CampaignStatus): CampaignStep[] =>
  campaignSteps.filter((step) => nextStatus(status, step) !== null);

/** Nothing more will happen to it. */
export const isOver = (status: CampaignStatus): boolean => status === "completed" || status === "stopped";

/** It was launched and is not over: its list must stay as it is. */
export const isUnderWay = (status: CampaignStatus): boolean =>
  ["in_review", "scheduled", "running", "paused", "held", "sending"].includes(status);
