/** Renames a list. */
import { eq } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { type RenameList, renameList as schema } from "#server/domain/contacts/input.ts";
import { ownList, type RecipientList } from "#server/domain/contacts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export async function renameList(ctx: Context, input: RenameList): Promise<RecipientList> {
  allow(ctx, "contacts.write");
  const { id, name } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await ownList(ctx, id);
    if (before.name === name) return before;
    await ctx.tx.db.update(recipientLists).set({ name }).where(eq(recipientLists.id, id));
    const detail = { from: before.name, to: name };
    await audit(ctx, { action: "contacts.rename_list", subjectType: "list", subjectId: id, detail });
    return { ...before, name };
  });
}
