/** Lists and searches messages of the actor's subtree, newest first. */
import { findMessages, type MessageRow } from "#server/domain/messages/find.ts";
import { type ListMessages, listMessages as schema } from "#server/domain/messages/input.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws not_found `tenant_not_found` */
export async function listMessages(ctx: Context, input: ListMessages = {}): Promise<Page<MessageRow>> {
  allow(ctx, "messages.read");
  const { cursor, limit, ...filters } = parse(schema, input);
  return inTransaction(ctx, async (ctx) =>
    toPage(await findMessages(ctx, filters, { cursor, limit: limit + 1 }), limit),
  );
}
