/** Ends imports that stand still: the process that read the file is gone. Run by a job. */
import { and, eq, lt } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

/** A batch of rows takes seconds at worst; a browser's connection that stalls this long is lost. */
const staleAfterMs = 10 * 60_000;

/** @returns how many were ended. Their lists stay, as failed, and can be uploaded again with the same id. */
export async function failStaleImports(ctx: Context): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("contacts.write");
  const before = new Date(ctx.clock.now().getTime() - staleAfterMs);
  return asSystem(ctx, async (ctx) => {
    const rows = await ctx.tx.db
      .update(recipientLists)
      .set({ status: "failed", failure: "The upload broke off. Start it again.", finishedAt: ctx.clock.now() })
      .where(and(eq(recipientLists.status, "importing"), lt(recipientLists.progressAt, before)))
      .returning({ id: recipientLists.id });
    return rows.length;
  });
}
