/** SMPP accounts over tRPC. */
import { createAccount } from "#server/domain/smpp-accounts/create.ts";
import * as input from "#server/domain/smpp-accounts/input.ts";
import { listAccounts } from "#server/domain/smpp-accounts/list.ts";
import { resetPassword, updateAccount } from "#server/domain/smpp-accounts/update.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const smppAccountsRouter = router({
  list: procedure.input(input.listAccounts).query(({ ctx, input }) => listAccounts(ctx.caller, input)),
  create: procedure.input(input.createAccount).mutation(({ ctx, input }) => createAccount(ctx.caller, input)),
  update: procedure.input(input.updateAccount).mutation(({ ctx, input }) => updateAccount(ctx.caller, input)),
  resetPassword: procedure.input(input.accountById).mutation(({ ctx, input }) => resetPassword(ctx.caller, input)),
});
