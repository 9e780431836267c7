/** One sender name with the history of its decisions, and a warning when it could be taken for another tenant's. */
import { and, desc, eq, ne } from "drizzle-orm";
import { senderDecisions, senders } from "#db/schema/senders.ts";
import { tenants } from "#db/schema/tenants.ts";
import { type GetSender, getSender as schema } from "#server/domain/senders/input.ts";
import { type Likeness, likeness } from "#server/domain/senders/look-alike.ts";
import { type SenderView, senderView } from "#server/domain/senders/view.ts";
import { allow, may } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type SenderDecision = {
  id: string;
  decision: "approved" | "rejected" | "revoked";
  reason: string | null;
  decidedAt: Date;
  /** The deciding tenant; null when it stands above the reader, who sees "your provider". */
  decider: string | null;
};
export type SenderInFull = SenderView & {
  decisions: SenderDecision[];
  /** Names approved for other tenants below the reader that look like this one; for those who decide. */
  lookAlikes: { name: string; tenantName: string; likeness: Likeness }[];
};

/** A bound on the comparison; far above the names of one subtree. */
const maxCompared = 20_000;

export async function getSender(ctx: Context, input: GetSender): Promise<SenderInFull> {
  allow(ctx, "senders.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const view = await senderView(ctx, id);
    // Tenants above are not visible here, so their names come out as null.
    const decisions = await ctx.tx.db
      .select({
        id: senderDecisions.id,
        decision: senderDecisions.decision,
        reason: senderDecisions.reason,
        decidedAt: senderDecisions.decidedAt,
        decider: tenants.name,
      })
      .from(senderDecisions)
      .leftJoin(tenants, eq(tenants.id, senderDecisions.deciderTenantId))
      .where(eq(senderDecisions.senderId, id))
      .orderBy(desc(senderDecisions.id));
    const isReviewer = may(ctx, "senders.decide") && view.tenantId !== ctx.tenantId;
    return { ...view, decisions, lookAlikes: isReviewer ? await findLookAlikes(ctx, view) : [] };
  });
}

async function findLookAlikes(ctx: InTx, view: SenderView): Promise<SenderInFull["lookAlikes"]> {
  const others = await ctx.tx.db
    .select({ name: senders.name, tenantName: tenants.name })
    .from(senders)
    .innerJoin(tenants, eq(tenants.id, senders.tenantId))
    .where(and(eq(senders.status, "approved"), ne(senders.tenantId, view.tenantId)))
    .limit(maxCompared);
  return others
    .flatMap((other) => {
      const found = likeness(view.name, other.name);
      return found ? [{ ...other, likeness: found }] : [];
    })
    .sort((a, b) => a.likeness.localeCompare(b.likeness) || a.name.localeCompare(b.name))
    .slice(0, 20);
}
