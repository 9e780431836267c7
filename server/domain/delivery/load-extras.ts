/** What goes with some messages beside their text: what a client's bind asked for, and whether it is urgent. */
import { uuidArray } from "#db/arrays.ts";
import type { WireExtras } from "#db/schema/smpp.ts";
import { allowWorker } from "#server/domain/delivery/allow-worker.ts";
import { asSystem, type Context } from "#server/kernel/context.ts";

export type MessageExtras = { isUrgent: boolean; tlvs: NonNullable<WireExtras["tlvs"]> };

/** Most messages have none, and are not in the answer. */
export async function loadExtras(ctx: Context, messageIds: readonly string[]): Promise<Map<string, MessageExtras>> {
  allowWorker(ctx);
  if (messageIds.length === 0) return new Map();
  const ids = [...messageIds].sort();
  const rows = await asSystem(
    ctx,
    ({ tx }) => tx.sql<(MessageExtras & { id: string })[]>`
      select id, traffic_class = 'otp' as "isUrgent", coalesce(wire -> 'tlvs', '{}') as tlvs from messages
      where id = any(${uuidArray(ids)}::uuid[]) and id between ${ids[0] ?? ""}::uuid and ${ids.at(-1) ?? ""}::uuid
        and (traffic_class = 'otp' or wire is not null)`,
  );
  return new Map(rows.map(({ id, ...extras }) => [id, extras]));
}
