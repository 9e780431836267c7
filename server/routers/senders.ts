/** Sender names over tRPC. */
import { decideSender } from "#server/domain/senders/decide.ts";
import { getSender } from "#server/domain/senders/get.ts";
import * as input from "#server/domain/senders/input.ts";
import { listSenders } from "#server/domain/senders/list.ts";
import { registerSender } from "#server/domain/senders/register.ts";
import { revokeSender } from "#server/domain/senders/revoke.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const sendersRouter = router({
  list: procedure.input(input.listSenders).query(({ ctx, input }) => listSenders(ctx.caller, input)),
  get: procedure.input(input.getSender).query(({ ctx, input }) => getSender(ctx.caller, input)),
  register: procedure.input(input.registerSender).mutation(({ ctx, input }) => registerSender(ctx.caller, input)),
  decide: procedure.input(input.decideSender).mutation(({ ctx, input }) => decideSender(ctx.caller, input)),
  revoke: procedure.input(input.revokeSender).mutation(({ ctx, input }) => revokeSender(ctx.caller, input)),
});
