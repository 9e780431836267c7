/** Every workflow that is served at /api/inngest: add one line for each file of this folder. */
import type { InngestFunction } from "inngest";
import { campaignResumeHeld } from "#server/jobs/campaign-resume-held.ts";
import { campaignRun } from "#server/jobs/campaign-run.ts";
import { campaignSchedule } from "#server/jobs/campaign-schedule.ts";
import { campaignStop } from "#server/jobs/campaign-stop.ts";
import { campaignSweep } from "#server/jobs/campaign-sweep.ts";
import { moderationDecided } from "#server/jobs/moderation-decided.ts";
import { notifyCaseDecided, notifyCaseOpened } from "#server/jobs/notify-moderation.ts";
import { notifyOrder } from "#server/jobs/notify-order.ts";
import { notifySenderAwaited, notifySenderDecided } from "#server/jobs/notify-sender.ts";
import { notifyTenant } from "#server/jobs/notify-tenant.ts";
import { notifyUserLocked } from "#server/jobs/notify-user-locked.ts";
import { notifyWebhook } from "#server/jobs/notify-webhook.ts";
import { proveLedger } from "#server/jobs/prove-ledger.ts";
import { sendEmailJob } from "#server/jobs/send-email.ts";
import { tellWebhooks } from "#server/jobs/tell-webhooks.ts";
import { turnOrders } from "#server/jobs/turn-orders.ts";
import { webhookFailingJob } from "#server/jobs/webhook-failing.ts";
import { webhookReplay } from "#server/jobs/webhook-replay.ts";

export const functions: InngestFunction.Like[] = [
  campaignResumeHeld,
  campaignRun,
  campaignSchedule,
  campaignStop,
  campaignSweep,
  moderationDecided,
  notifyCaseDecided,
  notifyCaseOpened,
  notifyOrder,
  notifySenderAwaited,
  notifySenderDecided,
  notifyTenant,
  notifyUserLocked,
  notifyWebhook,
  proveLedger,
  sendEmailJob,
  tellWebhooks,
  turnOrders,
  webhookFailingJob,
  webhookReplay,
];
