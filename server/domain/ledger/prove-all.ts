/** Proves every tree of the platform, root by root, and tells when one does not agree. */
import { ledgerDiffers } from "#server/domain/ledger/events.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import { emit } from "#server/kernel/outbox.ts";

export type TreeProof = { tenantId: string; orders: number; messages: number; differences: number };

/** For a nightly job of the platform. A difference is an event of its root and never corrected by itself. */
export async function proveAll(ctx: Context): Promise<TreeProof[]> {
  if (ctx.actor.type !== "job") throw forbidden("ledger.read");
  const roots = await asSystem(
    ctx,
    (ctx) => ctx.tx.sql<{ id: string }[]>`select id from tenants where parent_id is null order by id`,
  );
  const proofs: TreeProof[] = [];
  for (const { id: tenantId } of roots) {
    const { orders, messages, differences } = await prove({ ...ctx, tenantId });
    const proof = { tenantId, orders, messages, differences: differences.length };
    if (differences.length > 0) await asSystem(ctx, (ctx) => emit(ctx, ledgerDiffers, proof, tenantId));
    proofs.push(proof);
  }
  return proofs;
}
