/** A chain of tenants of its own for load: four sales from the root down, each with an order that no load uses up. */
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { createKey } from "#server/domain/identity/keys.ts";
import { createOrder } from "#server/domain/orders/create.ts";
import { signOrder } from "#server/domain/orders/sign.ts";
import { createPriceList } from "#server/domain/pricing/create-list.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { decideSender } from "#server/domain/senders/decide.ts";
import { registerSender } from "#server/domain/senders/register.ts";
import { createAccount } from "#server/domain/smpp-accounts/create.ts";
import { createTenant } from "#server/domain/tenants/create.ts";
import { createWebhook } from "#server/domain/webhooks/create.ts";
import { newId } from "#server/kernel/id.ts";

export type LoadChain = {
  /** The sender at the bottom. */
  tenantId: string;
  tenantName: string;
  sender: string;
  apiKey: string;
  systemId: string;
  password: string;
  endpointId: string;
  webhookSecret: string;
};

export type LoadPlace = {
  /** The carrier that takes the chain's traffic; null where the caller connects its own. */
  smsc: { host: string; port: number } | null;
  /** Where the callbacks go, and how many events one of them may carry. */
  callback: { url: string; batchSize: number };
};

const kinds = ["company", "partner", "partner", "subaccount"] as const;
const classes = ["otp", "transactional", "bulk"] as const;
const dayMs = 86_400_000;
const sender = "BENCH";

export async function makeLoadChain(db: Database, place: LoadPlace): Promise<LoadChain> {
  const [root] = await db.sql<{ id: string }[]>`select id from tenants where cardinality(ancestors) = 1 limit 1`;
  if (!root) throw new Error("There is no root tenant.");
  const mark = newId().slice(-8);
  if (place.smsc) await connect(db, root.id, place.smsc);
  let parentId = root.id;
  for (const [level, kind] of kinds.entries())
    parentId = await addLevel(db, { root: root.id, parentId, kind, level, mark });
  const owner = ownerOf(db, parentId);
  const senderId = newId();
  await registerSender(owner, { id: senderId, name: sender, purpose: "Load" });
  await decideSender(ownerOf(db, root.id), { id: senderId, decision: "approved" });
  const { key } = await createKey(owner, { id: newId(), name: "Load", scopes: ["messages.send", "messages.read"] });
  const systemId = `load${mark}`;
  const account = { id: newId(), name: "Load", systemId, windowSize: 1_000, receiptWindow: 1_000, maxBinds: 20 };
  const { password } = await createAccount(owner, account);
  const endpointId = newId();
  const { secret } = await createWebhook(owner, { id: endpointId, ...place.callback });
  if (!key || !password || !secret) throw new Error("A secret that is shown once was not shown.");
  return {
    tenantId: parentId,
    tenantName: nameOf(kinds.length - 1, mark),
    sender,
    apiKey: key,
    systemId,
    password,
    endpointId,
    webhookSecret: secret,
  };
}

const nameOf = (level: number, mark: string): string => `Load ${level + 1} ${mark}`;

type Level = { root: string; parentId: string; kind: (typeof kinds)[number]; level: number; mark: string };

export async function addLevel(db: Database, { root, parentId, kind, level, mark }: Level): Promise<string> {
  const id = newId();
  const name = nameOf(level, mark);
  const place = { currency: "EUR", country: "VN", timeZone: "Asia/Ho_Chi_Minh" };
  await createTenant(ownerOf(db, root), { id, parentId, kind, name, ...place });
  const seller = ownerOf(db, parentId);
  const priceListId = newId();
  const unitPriceMicros = 10_000n + BigInt(level) * 1_000n;
  const items = classes.map((trafficClass) => ({ country: "VN", operatorId: "*", trafficClass, unitPriceMicros }));
  await createPriceList(seller, { id: priceListId, name: `Load ${mark}`, currency: "EUR", postOn: "delivered", items });
  const order = await createOrder(seller, {
    id: newId(),
    buyerId: id,
    kind: "prepaid",
    priceListId,
    amountMicros: 10n ** 13n,
    validFrom: new Date(Date.now() - dayMs),
    validUntil: new Date(Date.now() + 30 * dayMs),
  });
  await signOrder(seller, { id: order.id });
  return id;
}

/** The route stands before the demo's for everybody: while load runs, this carrier takes all of it. */
async function connect(db: Database, rootId: string, { host, port }: { host: string; port: number }): Promise<void> {
  const ctx = ownerOf(db, rootId);
  const id = newId();
  const login = { systemId: "bench", password: "bench" };
  await createConnector(ctx, { id, name: "Load", host, port, ...login, bindCount: 4, windowSize: 500 });
  await createRoute(ctx, { id: newId(), connectorId: id, priority: 1 });
}
