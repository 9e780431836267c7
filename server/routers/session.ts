/** The signed-in person's own account over tRPC. Signing in and out is next-auth's. */
import * as input from "#server/domain/identity/input.ts";
import {
  changePassword,
  getOwnAccount,
  signOutEverywhere,
  updateProfile,
} from "#server/domain/identity/own-account.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const sessionRouter = router({
  account: procedure.query(({ ctx }) => getOwnAccount(ctx.caller)),
  updateProfile: procedure.input(input.updateProfile).mutation(({ ctx, input }) => updateProfile(ctx.caller, input)),
  changePassword: procedure.input(input.changePassword).mutation(({ ctx, input }) => changePassword(ctx.caller, input)),
  signOutEverywhere: procedure.mutation(({ ctx }) => signOutEverywhere(ctx.caller)),
});
