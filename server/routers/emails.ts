/** E-mails of the subtree over tRPC: read only. */
import { getEmail } from "#server/domain/notifications/get-email.ts";
import * as input from "#server/domain/notifications/input.ts";
import { listEmails } from "#server/domain/notifications/list-emails.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const emailsRouter = router({
  list: procedure.input(input.listEmails).query(({ ctx, input }) => listEmails(ctx.caller, input)),
  get: procedure.input(input.getEmail).query(({ ctx, input }) => getEmail(ctx.caller, input)),
});
