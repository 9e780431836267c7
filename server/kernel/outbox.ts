/** Events leave through the outbox, in the transaction that made them; the relay hands them to the workflow engine. */
import type { z } from "zod";
import { outbox } from "#db/schema/audit.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

/** A kind of event: its name is room/subject.happened, its data plain JSON (ids and decimals as text). */
export type EventType<T extends Record<string, unknown>> = { readonly name: string; readonly schema: z.ZodType<T> };

export const eventType = <T extends Record<string, unknown>>(name: string, schema: z.ZodType<T>): EventType<T> => ({
  name,
  schema,
});

/** @param tenantId whose event it is; the actor's own tenant when left out */
export async function emit<T extends Record<string, unknown>>(
  ctx: InTx,
  type: EventType<T>,
  data: T,
  tenantId: string = ctx.tenantId,
): Promise<void> {
  await ctx.tx.db.insert(outbox).values({
    id: newId(),
    tenantId,
    name: type.name,
    data: type.schema.parse(data),
    createdAt: ctx.clock.now(),
  });
}
