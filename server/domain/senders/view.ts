/** What a reader sees of a sender: never which tenant above has or had to decide. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";
import { may } from "#server/kernel/allow.ts";
import type { InTx } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";

export type Sender = typeof senders.$inferSelect;
export type SenderView = Omit<Sender, "reviewerTenantId"> & {
  tenantName: string;
  /** The reader may decide it now. */
  isAwaitingMe: boolean;
};

/**
 * The reviewer is the reader's tenant or below it (which is all that the reader can see of the tree), and the name is not
 * the reader's own: nobody approves for themselves.
 */
export const awaitsReader = (tenantId: string): SQL =>
  sql`(${senders.status} = 'pending' and ${senders.tenantId} <> ${tenantId}
    and exists (select from tenants reviewer where reviewer.id = ${senders.reviewerTenantId} and reviewer.ancestors @> array[${tenantId}]::uuid[]))`;

export function selectViews(ctx: InTx) {
  const { tenantId } = ctx;
  return ctx.tx.db
    .select({
      id: senders.id,
      tenantId: senders.tenantId,
      tenantName: tenants.name,
      name: senders.name,
      status: senders.status,
      purpose: senders.purpose,
      decisionReason: senders.decisionReason,
      createdBy: senders.createdBy,
      createdAt: senders.createdAt,
      updatedAt: senders.updatedAt,
      isAwaitingMe: may(ctx, "senders.decide") ? sql<boolean>`${awaitsReader(tenantId)}` : sql<boolean>`false`,
    })
    .from(senders)
    .innerJoin(tenants, and(eq(tenants.id, senders.tenantId), sql`${tenants.ancestors} @> array[${tenantId}]::uuid[]`));
}

/** @throws not_found `sender_not_found` */
export async function senderView(ctx: InTx, id: string): Promise<SenderView> {
  const [row] = await selectViews(ctx).where(eq(senders.id, id));
  if (!row) throw notFound("sender");
  return row;
}

/** Locks the row until the end of the transaction. @throws not_found `sender_not_found` */
export async function lockSender(ctx: InTx, id: string): Promise<Sender> {
  const [row] = await ctx.tx.db
    .select()
    .from(senders)
    .where(
      and(
        eq(senders.id, id),
        sql`exists (select from tenants t where t.id = ${senders.tenantId} and t.ancestors @> array[${ctx.tenantId}]::uuid[])`,
      ),
    )
    .for("update");
  if (!row) throw notFound("sender");
  return row;
}
