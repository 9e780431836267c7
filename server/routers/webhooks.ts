/** Webhooks over tRPC. */
import { deleteWebhook, pauseWebhook, resumeWebhook } from "#server/domain/webhooks/change-status.ts";
import { createWebhook } from "#server/domain/webhooks/create.ts";
import * as input from "#server/domain/webhooks/input.ts";
import { getWebhook, listWebhookAttempts, listWebhooks } from "#server/domain/webhooks/list.ts";
import { listReplays, replayMessages, replayRange, stopReplay } from "#server/domain/webhooks/replay.ts";
import { rotateWebhookSecret } from "#server/domain/webhooks/rotate-secret.ts";
import { sendTestEvent } from "#server/domain/webhooks/send-test.ts";
import { updateWebhook } from "#server/domain/webhooks/update.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const webhooksRouter = router({
  list: procedure.input(input.listWebhooks).query(({ ctx, input }) => listWebhooks(ctx.caller, input)),
  get: procedure.input(input.webhookById).query(({ ctx, input }) => getWebhook(ctx.caller, input)),
  /** The answer holds the secret: it is shown this once. */
  create: procedure.input(input.createWebhook).mutation(({ ctx, input }) => createWebhook(ctx.caller, input)),
  update: procedure.input(input.updateWebhook).mutation(({ ctx, input }) => updateWebhook(ctx.caller, input)),
  rotateSecret: procedure.input(input.webhookById).mutation(({ ctx, input }) => rotateWebhookSecret(ctx.caller, input)),
  pause: procedure.input(input.webhookById).mutation(({ ctx, input }) => pauseWebhook(ctx.caller, input)),
  resume: procedure.input(input.webhookById).mutation(({ ctx, input }) => resumeWebhook(ctx.caller, input)),
  delete: procedure.input(input.webhookById).mutation(({ ctx, input }) => deleteWebhook(ctx.caller, input)),
  sendTest: procedure.input(input.webhookById).mutation(({ ctx, input }) => sendTestEvent(ctx.caller, input)),
  attempts: procedure.input(input.listAttempts).query(({ ctx, input }) => listWebhookAttempts(ctx.caller, input)),
  replays: procedure.input(input.webhookById).query(({ ctx, input }) => listReplays(ctx.caller, input)),
  replayRange: procedure.input(input.replayRange).mutation(({ ctx, input }) => replayRange(ctx.caller, input)),
  replayMessages: procedure.input(input.replayMessages).mutation(({ ctx, input }) => replayMessages(ctx.caller, input)),
  stopReplay: procedure.input(input.replayById).mutation(({ ctx, input }) => stopReplay(ctx.caller, input)),
});
