/** The permission check that stands first in every verb. */
import type { Actor } from "#server/kernel/actor.ts";
import { forbidden, outOfScope } from "#server/kernel/errors.ts";
import { moneyScopes, type Permission, roleMay } from "#server/kernel/permissions.ts";

/** May this actor do this, somewhere in its own subtree? */
export function may(ctx: { readonly actor: Actor }, permission: Permission): boolean {
  const { actor } = ctx;
  if (actor.type === "user") return roleMay(actor.role, permission);
  if (actor.type === "apiKey") return actor.scopes.includes(permission);
  if (actor.type === "bind") return permission === "messages.send" || permission === "messages.read";
  return true;
}

/**
 * May this actor see money at all? Asked wherever an answer has prices, costs or balances: whoever may not see money
 * sees it nowhere, whichever door or page it comes from. Whose money it is, is another question (visible-hops.ts).
 */
export function seesMoney(ctx: { readonly actor: Actor }): boolean {
  const { actor } = ctx;
  if (actor.type === "apiKey") return moneyScopes.some((scope) => actor.scopes.includes(scope));
  return may(ctx, "prices.read");
}

/** @throws forbidden */
export function allow(ctx: { readonly actor: Actor }, permission: Permission): void {
  if (may(ctx, permission)) return;
  throw ctx.actor.type === "apiKey" ? outOfScope(permission) : forbidden(permission);
}
