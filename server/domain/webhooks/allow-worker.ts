/** Sending is the workers' own: no person, key or bind calls these verbs. */
import type { Context } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

/** @throws forbidden */
export function allowWorker(ctx: Pick<Context, "actor">): void {
  if (ctx.actor.type !== "job") throw forbidden("webhooks.work");
}
