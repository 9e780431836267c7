/** People of a tenant over tRPC. */
import * as input from "#server/domain/identity/input.ts";
import { inviteUser, resendInvitation } from "#server/domain/identity/invite-user.ts";
import { listUsers } from "#server/domain/identity/list-users.ts";
import { disableUser, enableUser, updateUser } from "#server/domain/identity/manage-user.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const usersRouter = router({
  list: procedure.input(input.listUsers).query(({ ctx, input }) => listUsers(ctx.caller, input)),
  invite: procedure.input(input.inviteUser).mutation(({ ctx, input }) => inviteUser(ctx.caller, input)),
  resendInvitation: procedure.input(input.userId).mutation(({ ctx, input }) => resendInvitation(ctx.caller, input)),
  update: procedure.input(input.updateUser).mutation(({ ctx, input }) => updateUser(ctx.caller, input)),
  disable: procedure.input(input.userId).mutation(({ ctx, input }) => disableUser(ctx.caller, input)),
  enable: procedure.input(input.userId).mutation(({ ctx, input }) => enableUser(ctx.caller, input)),
});
