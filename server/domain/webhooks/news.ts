/** How workers hear of endpoints: that there is something to send, or that somebody changed them. */
import type { InTx } from "#server/kernel/context.ts";

export const webhooksChannel = "webhooks";

type News = { endpointId: string; isChanged: boolean };

const changed = "changed:";

/** Heard when the transaction commits. */
export function announceWork(ctx: InTx, endpointId: string): void {
  ctx.tx.atCommit(ctx.tx.sql`select pg_notify(${webhooksChannel}, ${endpointId})`);
}

export async function announceChange(ctx: InTx, endpointId: string): Promise<void> {
  await ctx.tx.sql`select pg_notify(${webhooksChannel}, ${changed + endpointId})`;
}

export function readNews(payload: string): News {
  const isChanged = payload.startsWith(changed);
  return { endpointId: isChanged ? payload.slice(changed.length) : payload, isChanged };
}
