/** The brand of this request: the host's, or on a neutral host that of the signed-in person's tenant. */
import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { getContext } from "#server/auth/context.ts";
import { base } from "#server/auth/database.ts";
import { hostOf } from "#server/auth/host.ts";
import { resolveBrand } from "#server/domain/branding/resolve.ts";

export const currentBrand = cache(async () => {
  const [list, context] = await Promise.all([headers(), getContext()]);
  return resolveBrand(base(), { host: hostOf(list), tenantId: context?.tenantId });
});
