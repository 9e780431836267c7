/** Plays a worker step by step: claims, answers as a carrier would, and hands in receipts at moments that the test picks. */
import type { Database } from "#db/client.ts";
import { claim } from "#server/domain/delivery/claim.ts";
import { holdConnectors } from "#server/domain/delivery/hold-connectors.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import type { ClaimedMessage, IncomingReceipt, MessageResult, PartResult } from "#server/domain/delivery/work.ts";
import type { ErrorVerdict } from "#server/domain/routing/error-codes.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { changeConnector, plainNumber, workerContext } from "#tests/delivering.ts";
import { contextFor } from "#tests/factories.ts";
import { itemOf, makeSendingTree, type SendingTree, send } from "#tests/sending.ts";

export const accepted = (carrierId: string, partNumber = 1): PartResult => ({
  partNumber,
  kind: "accepted",
  carrierId,
});
export const refused = (verdict: ErrorVerdict): PartResult => ({
  partNumber: 1,
  kind: "refused",
  verdict,
  code: "ESME_X",
});
export const lost: PartResult = { partNumber: 1, kind: "lost", why: "timeout" };

/** The same caller, so much later. */
export const later = (ctx: Context, ms: number): Context => ({
  ...ctx,
  clock: { now: () => new Date(Date.now() + ms) },
});

/** @returns whether this worker holds the connector now */
export async function lease(
  ctx: Context,
  input: { connectorId: string; owner: string; ttlMs: number },
): Promise<boolean> {
  const { connectorId, ...worker } = input;
  const held = await holdConnectors(ctx, { ...worker, connectorIds: [connectorId] });
  return held.connectorIds.length === 1;
}

export type Scene = { tree: SendingTree; ctx: Context; connectorId: string };

export class WorkerByHand {
  readonly owner = newId();
  /** As the worker gives it back: an answer to the claim that is under way, or was. */
  private readonly claimedAt = new Map<string, Date>();

  constructor(private readonly db: Database) {}

  /** A tree with the one connector that this worker holds. */
  async scene(change: Parameters<typeof changeConnector>[2] = {}) {
    const tree = await makeSendingTree(this.db);
    const connectorId = tree.connector.id;
    await changeConnector(this.db, connectorId, change);
    const ctx = workerContext(this.db);
    await lease(ctx, { connectorId, owner: this.owner, ttlMs: 60_000 });
    return { tree, ctx, connectorId, take: (limit = 100) => this.take(ctx, connectorId, limit) };
  }

  async take(ctx: Context, connectorId: string, limit = 100): Promise<ClaimedMessage[]> {
    const claimed = await claim(ctx, { connectorId, owner: this.owner, limit });
    for (const message of claimed) this.claimedAt.set(message.id, message.leasedAt);
    return claimed;
  }

  /** @returns the messages' ids */
  async submit(tenantId: string, over: Parameters<typeof itemOf>[0][] = [{}]): Promise<string[]> {
    const outcomes = await send(
      contextFor(this.db, tenantId),
      over.map((o) => itemOf({ to: plainNumber(), ...o })),
    );
    return outcomes.map((outcome) => outcome.id);
  }

  answer(messageId: string, ...parts: PartResult[]): MessageResult {
    return { messageId, parts, at: new Date(), leasedAt: this.claimedAt.get(messageId) ?? new Date(0) };
  }

  /** One message, taken by the carrier under these ids. */
  async sent({ tree, ctx, connectorId }: Scene, carrierIds: string[], text?: string): Promise<string> {
    const [id = ""] = await this.submit(tree.subaccount.id, [text ? { text } : {}]);
    await this.take(ctx, connectorId, 10);
    const parts = carrierIds.map((carrierId, index) => accepted(carrierId, index + 1));
    await recordResponses(ctx, { connectorId, owner: this.owner, results: [this.answer(id, ...parts)] });
    return id;
  }

  async receiptOf(messageId: string, over: Partial<IncomingReceipt> = {}): Promise<IncomingReceipt> {
    const [row] = await this.db.sql<{ msisdn: string }[]>`select msisdn from messages where id = ${messageId}`;
    return {
      carrierId: "77",
      state: "DELIVRD",
      errorCode: null,
      msisdn: row?.msisdn ?? "",
      sender: "ACME",
      userMessageReference: null,
      text: "",
      receivedAt: new Date(),
      ...over,
    };
  }

  queueOf(messageId: string) {
    return this.db.sql`
      select lease_owner, attempts, ready_at > now() as waits from send_queue where message_id = ${messageId}`;
  }
}
