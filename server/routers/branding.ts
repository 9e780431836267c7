/** Brands over tRPC. The logo itself is served as a file, to everybody. */
import { getBrand } from "#server/domain/branding/get-brand.ts";
import { addHost, removeHost } from "#server/domain/branding/hosts.ts";
import * as input from "#server/domain/branding/input.ts";
import { serviceUrl } from "#server/domain/branding/service-url.ts";
import { updateBrand } from "#server/domain/branding/update-brand.ts";
import { removeLogo, uploadLogo } from "#server/domain/branding/upload-logo.ts";
import { procedure, router } from "#server/routers/trpc.ts";

export const brandingRouter = router({
  get: procedure.input(input.getBrand).query(({ ctx, input }) => getBrand(ctx.caller, input)),
  serviceUrl: procedure.input(input.serviceUrl).query(({ ctx, input }) => serviceUrl(ctx.caller, input)),
  update: procedure.input(input.updateBrand).mutation(({ ctx, input }) => updateBrand(ctx.caller, input)),
  uploadLogo: procedure.input(input.uploadLogo).mutation(({ ctx, input }) => uploadLogo(ctx.caller, input)),
  removeLogo: procedure.input(input.removeLogo).mutation(({ ctx, input }) => removeLogo(ctx.caller, input)),
  addHost: procedure.input(input.addHost).mutation(({ ctx, input }) => addHost(ctx.caller, input)),
  removeHost: procedure.input(input.removeHost).mutation(({ ctx, input }) => removeHost(ctx.caller, input)),
});
