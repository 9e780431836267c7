/** Gives suites a tree whose one route leads to a partner over HTTP, and the partner's calls to us. */
import { eq } from "drizzle-orm";
import type { Database } from "#db/client.ts";
import { routes } from "#db/schema/routing.ts";
import { asIncoming, findReceiver, recordHttpReceipts } from "#server/domain/delivery/http-receipts.ts";
import { createHttpConnector } from "#server/domain/routing/create-http-connector.ts";
import type { HttpDescriptionInput } from "#server/domain/routing/http-description.ts";
import type { CreateHttpConnector } from "#server/domain/routing/http-input.ts";
import { readCallback } from "#server/domain/routing/http-receipt.ts";
import { receiptAddress, receiptPath } from "#server/domain/routing/receipt-address.ts";
import { newId } from "#server/kernel/id.ts";
import { described, type Partner } from "#tests/carriers/partner.ts";
import { changeConnector, makeDeliveringTree, workerContext } from "#tests/delivering.ts";
import { contextFor } from "#tests/factories.ts";
import type { SendingTree } from "#tests/sending.ts";

export type PartnerTree = SendingTree & { connectorId: string };

export async function makeHttpConnector(
  db: Database,
  tenantId: string,
  partner: Pick<Partner, "url">,
  description: Partial<HttpDescriptionInput> = {},
  change: Partial<CreateHttpConnector> = {},
): Promise<string> {
  const { id } = await createHttpConnector(contextFor(db, tenantId), {
    id: newId(),
    name: "Partner",
    description: described(partner.url, description),
    secret: "s3cret-key",
    ...change,
  });
  return id;
}

/** The connector over SMPP that the tree came with is switched off. */
export async function makePartnerTree(
  db: Database,
  partner: Pick<Partner, "url">,
  description: Partial<HttpDescriptionInput> = {},
  change: Partial<CreateHttpConnector> = {},
): Promise<PartnerTree> {
  const tree = await makeDeliveringTree(db, 9);
  const connectorId = await makeHttpConnector(db, tree.aggregator.id, partner, description, change);
  await db.asSystem((tx) => tx.db.update(routes).set({ connectorId }).where(eq(routes.connectorId, tree.connector.id)));
  await changeConnector(db, tree.connector.id, { status: "disabled" });
  return { ...tree, connectorId };
}

/** As the partner calls us, past the gateway. @returns what was made of it */
export async function callBack(db: Database, tree: PartnerTree, body: unknown, contentType = "application/json") {
  const { path } = await receiptAddress(contextFor(db, tree.aggregator.id), { id: tree.connectorId });
  const ctx = workerContext(db);
  const receiver = await findReceiver(ctx, { token: path.slice(receiptPath.length) });
  if (receiver?.receipts.kind !== "callback") throw new Error("It takes no calls.");
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const receipts = readCallback(receiver.receipts, { contentType, headers: {}, bytes });
  const incoming = receipts.map((receipt) => asIncoming(receipt, receiver.errors, new Date()));
  return recordHttpReceipts(ctx, { receiver, receipts: incoming });
}
