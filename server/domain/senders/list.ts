/** Sender names: the tenant's own, those that wait for its decision, or all in its subtree. Newest first. */
import { and, desc, eq, ilike, lt } from "drizzle-orm";
import { senders } from "#db/schema/senders.ts";
import { type ListSenders, listSenders as schema } from "#server/domain/senders/input.ts";
import { awaitsReader, type SenderView, selectViews } from "#server/domain/senders/view.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export async function listSenders(ctx: Context, input: ListSenders): Promise<Page<SenderView>> {
  allow(ctx, "senders.read");
  const { view, tenantId, status, search, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    if (tenantId) await tenantInScope(ctx, tenantId);
    const owner = tenantId ?? (view === "own" ? ctx.tenantId : undefined);
    const rows = await selectViews(ctx)
      .where(
        and(
          owner ? eq(senders.tenantId, owner) : undefined,
          view === "awaiting" ? awaitsReader(ctx.tenantId) : undefined,
          status ? eq(senders.status, status) : undefined,
          search ? ilike(senders.name, `%${search.replace(/[\\%_]/g, "\\$&")}%`) : undefined,
          cursor ? lt(senders.id, cursor) : undefined,
        ),
      )
      .orderBy(desc(senders.id))
      .limit(limit + 1);
    return toPage(rows, limit);
  });
}
