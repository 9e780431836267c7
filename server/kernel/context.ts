/** Who asks, for which tenant, with which clock and database: the first argument of every verb. */
import type { Database, Tx } from "#db/client.ts";
import type { Actor } from "#server/kernel/actor.ts";
import type { Clock } from "#server/kernel/clock.ts";

export type Context = {
  readonly db: Database;
  readonly clock: Clock;
  /** The actor's own tenant. What it may reach is this tenant and everything below it. */
  readonly tenantId: string;
  readonly actor: Actor;
  readonly requestId: string;
  /** Set inside a transaction, so that a verb called by a verb joins it. */
  readonly tx?: Tx;
};

export type InTx = Context & { readonly tx: Tx };

/** Joins the open transaction, or opens one behind row-level security. */
export function inTransaction<T>(ctx: Context, work: (ctx: InTx) => Promise<T>): Promise<T> {
  if (ctx.tx) return work(ctx as InTx);
  return ctx.db.asTenant(ctx.tenantId, (tx) => work({ ...ctx, tx }));
}

/**
 * Opens a transaction that row-level security does not narrow. For the data plane and for reads that must look up the
 * tree (an ancestor's policy, an ancestor's order); the verb scopes by hand and returns nothing of the ancestor's.
 */
export function asSystem<T>(ctx: Context, work: (ctx: InTx) => Promise<T>): Promise<T> {
  return ctx.db.asSystem((tx) => work({ ...ctx, tx }));
}

/** A context for work of the platform itself. */
export function jobContext(
  base: Pick<Context, "db" | "clock">,
  name: string,
  tenantId: string,
  requestId: string,
): Context {
  return { ...base, tenantId, actor: { type: "job", id: name, name }, requestId };
}
