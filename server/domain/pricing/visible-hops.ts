/** Which edges of a chain a viewer may see: those in which it, or somebody below it, sells or buys. Pure. */
import { seesMoney } from "#server/kernel/allow.ts";
import type { Context } from "#server/kernel/context.ts";

/**
 * Every buyer is a child of its seller, so an edge is the viewer's when its buyer is the viewer or stands below it.
 * An ancestor's purchase never is.
 * @param ancestors of the sending tenant, root first, itself last
 */
export function mayViewEdge(buyerId: string, viewerTenantId: string, ancestors: string[]): boolean {
  const viewer = ancestors.indexOf(viewerTenantId);
  return viewer >= 0 && ancestors.indexOf(buyerId) >= viewer;
}

/** None for those who may not see money. @param ancestors of the sending tenant, root first, itself last */
export function visibleHops<H extends { buyerId: string }>(
  hops: readonly H[],
  viewer: Pick<Context, "actor" | "tenantId">,
  ancestors: string[],
): H[] {
  return seesMoney(viewer) ? hops.filter((hop) => mayViewEdge(hop.buyerId, viewer.tenantId, ancestors)) : [];
}
