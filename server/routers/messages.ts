/** Messages over tRPC. */
import { cancelMessages } from "#server/domain/messages/cancel.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import * as input from "#server/domain/messages/input.ts";
import { listMessages } from "#server/domain/messages/list.ts";
import { submitMessages } from "#server/domain/messages/submit.ts";
import { why } from "#server/domain/messages/why.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const messagesRouter = router({
  send: procedure
    .input(input.sendMessages)
    .mutation(({ ctx: { caller }, input }) =>
      submitMessages(caller, { ...input, source: caller.actor.type === "user" ? "console" : "trpc" }),
    ),
  list: procedure.input(input.listMessages).query(({ ctx, input }) => listMessages(ctx.caller, input)),
  get: procedure.input(input.getMessage).query(({ ctx, input }) => getMessage(ctx.caller, input)),
  why: procedure.input(input.askWhy).query(({ ctx, input }) => why(ctx.caller, input)),
  cancel: procedure.input(input.cancelMessages).mutation(({ ctx, input }) => cancelMessages(ctx.caller, input)),
});
