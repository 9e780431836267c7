/** "Why?": any id of a message opens its story; an id of several lists them. */
import { type AskWhy, askWhy as schema } from "#server/domain/messages/input.ts";
import { type LookedUp, lookUp } from "#server/domain/messages/look-up.ts";
import { type Story, tellStory } from "#server/domain/messages/story.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { parse } from "#server/kernel/parse.ts";

export type Why = LookedUp & {
  /** When it means exactly one message. */
  story: Story | null;
};

/** Nothing outside the reader's subtree is found, and an id that means nothing finds nothing: neither is an error. */
export async function why(ctx: Context, input: AskWhy): Promise<Why> {
  allow(ctx, "messages.read");
  const { id } = parse(schema, input);
  const found = await inTransaction(ctx, (ctx) => lookUp(ctx, id));
  const [only, ...others] = found.matches;
  return { ...found, story: only && others.length === 0 ? await tellStory(ctx, only.id) : null };
}
