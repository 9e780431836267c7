/** What an SMPP account may ask of its own messages: their state, and which of them still wait. Nobody else's are there. */
import type { MessageStatus } from "#server/domain/messages/input.ts";
import { allow } from "#server/kernel/allow.ts";
import type { Context } from "#server/kernel/context.ts";
import { forbidden, notFound } from "#server/kernel/errors.ts";
import { isId } from "#server/kernel/id.ts";

export type OwnMessage = {
  id: string;
  status: MessageStatus;
  errorCode: string | null;
  doneAt: Date | null;
  sender: string;
};

/**
 * By the id of a message, or of a submit to many. A message of which parts are missing counts as queued.
 * @returns at least one, in order of their ids · @throws not_found `message_not_found`
 */
export async function ownMessages(ctx: Context, { id }: { id: string }): Promise<OwnMessage[]> {
  allow(ctx, "messages.read");
  if (ctx.actor.type !== "bind") throw forbidden("messages.read");
  if (!isId(id)) throw notFound("message");
  const { sql } = ctx.db;
  const rows = await sql<OwnMessage[]>`
    select id, status, error_code as "errorCode", done_at as "doneAt", sender from messages
    where (id = ${id} or (batch_id = ${id} and (wire ->> 'multi')::boolean))
      and tenant_id = ${ctx.tenantId} and origin_id = ${ctx.actor.id}
    order by id limit 300`;
  if (rows.length > 0) return rows;
  const parts = await sql<{ failedAt: Date | null; sender: string }[]>`
    select failed_at as "failedAt", sender from smpp_parts
    where message_id = ${id} and account_id = ${ctx.actor.id} limit 1`;
  const [part] = parts;
  if (!part) throw notFound("message");
  const { failedAt: doneAt, sender } = part;
  return [{ id, status: doneAt ? "expired" : "queued", errorCode: doneAt ? "parts_missing" : null, doneAt, sender }];
}

export type WaitingQuery = { sender: string; msisdn: string; serviceType?: string | undefined };

/** The account's messages from a sender to a number that no worker has picked up, the latest first. */
export async function ownWaiting(ctx: Context, { sender, msisdn, serviceType }: WaitingQuery): Promise<string[]> {
  allow(ctx, "messages.read");
  if (ctx.actor.type !== "bind") throw forbidden("messages.read");
  const rows = await ctx.db.sql<{ id: string }[]>`
    select m.id from messages m join send_queue q on q.message_id = m.id
    where m.msisdn = ${msisdn} and m.tenant_id = ${ctx.tenantId} and m.origin_id = ${ctx.actor.id}
      and lower(m.sender) = ${sender.toLowerCase()} and q.lease_owner is null
      and (${serviceType ?? null}::text is null or coalesce(m.wire ->> 'serviceType', '') = ${serviceType ?? ""})
    order by m.id desc limit 1000`;
  return rows.map((row) => row.id);
}
