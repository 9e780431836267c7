/** Tenants over tRPC. */
import { z } from "zod";
import { createTenant } from "#server/domain/tenants/create.ts";
import { getTenant } from "#server/domain/tenants/get.ts";
import * as input from "#server/domain/tenants/input.ts";
import { listTenants } from "#server/domain/tenants/list.ts";
import { resumeTenant } from "#server/domain/tenants/resume.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { updateTenant } from "#server/domain/tenants/update.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const tenantsRouter = router({
  list: procedure.query(({ ctx }) => listTenants(ctx.caller)),
  get: procedure.input(z.strictObject({ id: z.uuid() })).query(({ ctx, input }) => getTenant(ctx.caller, input)),
  create: procedure.input(input.createTenant).mutation(({ ctx, input }) => createTenant(ctx.caller, input)),
  update: procedure.input(input.updateTenant).mutation(({ ctx, input }) => updateTenant(ctx.caller, input)),
  suspend: procedure.input(input.suspendTenant).mutation(({ ctx, input }) => suspendTenant(ctx.caller, input)),
  resume: procedure.input(input.resumeTenant).mutation(({ ctx, input }) => resumeTenant(ctx.caller, input)),
});
