/** Gives suites all that a message needs: operators, a connector with a route at the top, senders, orders at every hop. */
import { readFileSync } from "node:fs";
import type { Database } from "#db/client.ts";
import { senders } from "#db/schema/senders.ts";
import type { SubmitItem, SubmitMessages } from "#server/domain/messages/input.ts";
import { submitMessages } from "#server/domain/messages/submit.ts";
import type { Connector } from "#server/domain/routing/connector-scope.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { loadOperators, type OperatorData } from "#server/domain/routing/load-operators.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { contextFor, makeTree, type Tree } from "#tests/factories.ts";
import { makeChain } from "#tests/money.ts";

export const operatorData = JSON.parse(readFileSync("scripts/data/operators.json", "utf8")) as OperatorData;

/** The operators of the installation's own data. */
export async function loadTestOperators(db: Database): Promise<void> {
  await loadOperators(jobContext({ db, clock: systemClock }, "test", nilId, newId()), operatorData);
}

export type SendingTree = Tree & { connector: Connector; senderName: string };

/** A tree in which the sub-account, the partner and the sibling may send as ACME to any Vietnamese number. */
export async function makeSendingTree(db: Database, postOn?: "accepted" | "delivered"): Promise<SendingTree> {
  await loadTestOperators(db);
  const tree = await makeTree(db);
  await makeChain(db, tree, postOn);
  for (const tenant of [tree.subaccount, tree.partner, tree.sibling]) await approvedSender(db, tenant.id, "ACME");
  const connector = await makeConnector(db, tree.aggregator.id);
  await createRoute(contextFor(db, tree.aggregator.id), { id: newId(), connectorId: connector.id });
  return { ...tree, connector, senderName: "ACME" };
}

export function makeConnector(db: Database, tenantId: string, name = "Carrier"): Promise<Connector> {
  return createConnector(contextFor(db, tenantId), {
    id: newId(),
    name,
    host: "127.0.0.1",
    port: 2776,
    systemId: "banyan",
    password: "s3cret!",
  });
}

/** A sender name whose approval is not the suite's subject. */
export async function approvedSender(db: Database, tenantId: string, name: string): Promise<string> {
  const id = newId();
  await db.asSystem((tx) =>
    tx.db.insert(senders).values({ id, tenantId, name, status: "approved", purpose: "Notices to customers" }),
  );
  return id;
}

let counter = 0;
/** A different Vinaphone number at each call. */
export const nextNumber = (): string => `8491${String(1_000_000 + (counter++ % 8_999_999))}`;

export const itemOf = (over: Partial<SubmitItem> = {}): SubmitItem => ({
  id: newId(),
  sender: "ACME",
  to: nextNumber(),
  text: "Your parcel is on its way.",
  ...over,
});

/** Submits as one batch; `over` changes the request. */
export function send(ctx: Context, items: SubmitItem[], over: Partial<SubmitMessages> = {}) {
  return submitMessages(ctx, { batchId: newId(), source: "http", items, ...over });
}
