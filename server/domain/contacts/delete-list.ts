/** Deletes a list with its recipients and rejected rows. The campaigns room asks first whether a campaign needs it. */
import { eq } from "drizzle-orm";
import { recipientLists } from "#db/schema/contacts.ts";
import { type ListId, listId as schema } from "#server/domain/contacts/input.ts";
import { ownList } from "#server/domain/contacts/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `list_not_found`, also when it was deleted before */
export async function deleteList(ctx: Context, input: ListId): Promise<{ id: string }> {
  allow(ctx, "contacts.write");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const before = await ownList(ctx, id);
    await ctx.tx.db.delete(recipientLists).where(eq(recipientLists.id, id));
    const detail = { name: before.name, recipients: before.acceptedCount };
    await audit(ctx, { action: "contacts.delete_list", subjectType: "list", subjectId: id, detail });
    return { id };
  });
}
