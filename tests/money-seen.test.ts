/**
 * Who may not see money sees it nowhere: every procedure, the exports and the balance, asked by each role and by keys
 * without a scope for money. The owner's answers to the same questions show that there was some to be seen.
 */
import { expect, it } from "vitest";
import { balance } from "#server/domain/orders/balance.ts";
import { exportSummary } from "#server/domain/reports/export-summary.ts";
import { foldReports } from "#server/domain/reports/fold.ts";
import { seesMoney } from "#server/kernel/allow.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { keyScopes, moneyScopes, type Role } from "#server/kernel/permissions.ts";
import { appRouter, createCaller } from "#server/routers/root.ts";
import { makeCampaign } from "#tests/campaigns.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, keyContextFor } from "#tests/factories.ts";
import { attempts } from "#tests/isolation/attempts.ts";
import { type Holding, makeWorld } from "#tests/isolation/world.ts";
import { itemOf, makeSendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();
const without: Role[] = ["sender", "moderator"];
/** By path, as they run; their types speak of rooms. */
const byPath: Record<string, unknown> = appRouter._def.procedures;
const typeOf = (path: string) => (byPath[path] as { _def: { type: string } })._def.type;
const types = Object.keys(byPath).map((path) => ({ path, type: typeOf(path) }));
// What changes things comes last: what is asked about is still there.
const procedures = [...types.filter(({ type }) => type === "query"), ...types.filter(({ type }) => type !== "query")];

/** Amounts in an answer, by where they stand. Null is no amount; an empty list has none. */
function amountsIn(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => amountsIn(entry, `${at}[]`));
  if (value === null || typeof value !== "object" || value instanceof Date) {
    return /micros$|amount$|\.money\.\w+$/i.test(at) && value !== null && value !== undefined ? [at] : [];
  }
  return Object.entries(value).flatMap(([key, entry]) => amountsIn(entry, `${at}.${key}`));
}

async function answersOf(path: string, ctx: Context, target: Holding): Promise<string[]> {
  const call = path
    .split(".")
    .reduce<unknown>((node, step) => (node as Record<string, unknown>)[step], createCaller({ caller: ctx }));
  const found: string[] = [];
  for (const input of attempts[path]?.(target) ?? []) {
    try {
      found.push(...amountsIn(await (call as (input: unknown) => Promise<unknown>)(input), path));
    } catch (error) {
      if (!((error as { cause?: unknown }).cause instanceof DomainError)) throw error;
    }
  }
  return found;
}

/** A sub-account's order, campaign and message, delivered to the reports; what is not its own is the world's. */
async function holding(): Promise<Holding> {
  const tree = await makeSendingTree(db);
  const own = contextFor(db, tree.subaccount.id);
  const item = itemOf();
  const batchId = newId();
  const [sent] = await send(own, [item], { batchId });
  const campaign = await makeCampaign(own, tree, { rows: 3 });
  while ((await foldReports({ db })) > 0);
  const { self } = await makeWorld(db);
  return {
    ...self,
    tenantId: tree.subaccount.id,
    orderId: sent?.prices[0]?.orderId ?? "",
    campaignId: campaign.id,
    listId: campaign.listId ?? "",
    senderName: tree.senderName,
    messageId: item.id,
    batchId,
    msisdn: item.to,
  };
}

async function csvOf(ctx: Context): Promise<string> {
  let text = "";
  for await (const line of exportSummary(ctx, { groupBy: "order" })) text += line;
  return text;
}

it("shows no amount to those who may not see money, in no answer of any procedure", async () => {
  const target = await holding();
  const shown = new Set<string>();
  for (const { path, type } of procedures) {
    if (type === "query" || path === "messages.send") {
      for (const at of await answersOf(path, contextFor(db, target.tenantId), target)) shown.add(at);
    }
  }
  const kinds = new Set([...shown].map((at) => at.split(".").slice(0, 2).join(".").replace("[]", "")));
  expect([...kinds].sort()).toEqual([
    "campaigns.quote",
    "ledger.statement",
    "messages.get",
    "messages.send",
    "messages.why",
    "orders.get",
    "orders.list",
    "prices.quote",
    "reports.dashboard",
    "reports.orderUse",
    "reports.summary",
  ]);
  const keys = keyScopes.filter((scope) => !(moneyScopes as readonly string[]).includes(scope));
  for (const ctx of [
    ...without.map((role) => contextFor(db, target.tenantId, role)),
    keyContextFor(db, target.tenantId, keys),
  ]) {
    expect(seesMoney(ctx)).toBe(false);
    for (const { path } of procedures) expect([path, await answersOf(path, ctx, target)]).toEqual([path, []]);
  }
});

it("shows none in what is written out, in the balance, and in an answer first given to another", async () => {
  const target = await holding();
  const owner = contextFor(db, target.tenantId);
  const priced = /,VND,/;
  expect(await csvOf(owner)).toMatch(priced);
  expect(amountsIn(await balance(owner))).not.toEqual([]);
  const item = itemOf();
  const keyed = { idempotency: { key: newId(), bodyHash: "same" } };
  expect(amountsIn(await send(owner, [item], keyed))).not.toEqual([]);
  for (const role of without) {
    const ctx = contextFor(db, target.tenantId, role);
    expect(await csvOf(ctx)).not.toMatch(priced);
    expect(amountsIn(await balance(ctx))).toEqual([]);
  }
  const sender = contextFor(db, target.tenantId, "sender");
  expect(amountsIn(await send(sender, [item], keyed))).toEqual([]);
  expect(amountsIn(await send(sender, [item]))).toEqual([]);
});

it("leaves what is no money: how far an order is used, and its parts", async () => {
  const { tenantId, orderId } = await holding();
  const caller = createCaller({ caller: contextFor(db, tenantId, "sender") });
  const order = await caller.orders.get({ id: orderId });
  expect(order).toMatchObject({ heldParts: 1n, spentMicros: null, prices: [] });
  expect(order.usedShare).toBeGreaterThanOrEqual(0);
});
