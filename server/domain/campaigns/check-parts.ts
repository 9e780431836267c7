/** Checks the sender and the list that a campaign names. */
import { and, eq } from "drizzle-orm";
import { senders } from "#db/schema/senders.ts";
import { ownList, type RecipientList } from "#server/domain/contacts/scope.ts";
import type { InTx } from "#server/kernel/context.ts";
import { conflict, notFound } from "#server/kernel/errors.ts";

export type CampaignSender = { id: string; name: string; status: string };

/** The tenant's own sender name, whatever its status. @throws not_found `sender_not_found` */
export async function checkSender(ctx: InTx, senderId: string): Promise<CampaignSender> {
  const [row] = await ctx.tx.db
    .select({ id: senders.id, name: senders.name, status: senders.status })
    .from(senders)
    .where(and(eq(senders.id, senderId), eq(senders.tenantId, ctx.tenantId)));
  if (!row) throw notFound("sender");
  return row;
}

/** @throws conflict `sender_not_approved` */
export async function approvedSender(ctx: InTx, senderId: string | null): Promise<CampaignSender> {
  if (!senderId) throw conflict("sender_missing", "Choose the sender name.", { field: "senderId" });
  const sender = await checkSender(ctx, senderId);
  if (sender.status === "approved") return sender;
  throw conflict("sender_not_approved", `The sender name ${sender.name} is not approved.`, { field: "senderId" });
}

/** A finished list of the tenant with somebody in it. @throws conflict `list_missing` · `list_not_ready` · `list_empty` */
export async function readyList(ctx: InTx, listId: string | null): Promise<RecipientList> {
  if (!listId) throw conflict("list_missing", "Choose the recipients.", { field: "listId" });
  const list = await ownList(ctx, listId);
  if (list.status !== "ready") {
    throw conflict("list_not_ready", `The list ${list.name} is not imported completely.`, { field: "listId" });
  }
  if (list.acceptedCount === 0) {
    throw conflict("list_empty", `The list ${list.name} has no valid recipients.`, { field: "listId" });
  }
  return list;
}
