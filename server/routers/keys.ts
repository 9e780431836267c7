/** API keys over tRPC. */
import * as input from "#server/domain/identity/input.ts";
import { createKey, listKeys, revokeKey, rollKey } from "#server/domain/identity/keys.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const keysRouter = router({
  list: procedure.input(input.listKeys).query(({ ctx, input }) => listKeys(ctx.caller, input)),
  /** The answer holds the key: it is shown this once. */
  create: procedure.input(input.createKey).mutation(({ ctx, input }) => createKey(ctx.caller, input)),
  roll: procedure.input(input.rollKey).mutation(({ ctx, input }) => rollKey(ctx.caller, input)),
  revoke: procedure.input(input.keyId).mutation(({ ctx, input }) => revokeKey(ctx.caller, input)),
});
