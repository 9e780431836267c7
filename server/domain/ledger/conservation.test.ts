/** Whatever happens to orders and messages, in whatever sequence: money is conserved, no floor breaks, the proof is clean. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdBatch } from "#server/domain/ledger/hold.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { proveAll } from "#server/domain/ledger/prove-all.ts";
import { settleBatch } from "#server/domain/ledger/settle.ts";
import { type ChargeStage, chargeStage, mayMove } from "#server/domain/ledger/stage.ts";
import { closeOrder } from "#server/domain/orders/close.ts";
import type { Order } from "#server/domain/orders/scope.ts";
import { topUpOrder } from "#server/domain/orders/top-up.ts";
import { asSystem, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree, type Tree } from "#tests/factories.ts";
import { sellOrder } from "#tests/money.ts";
import { demandOf, sendBatch, sendThrough } from "#tests/traffic.ts";

const db = await testDatabase();

const senders = ["aggregator", "company", "partner", "subaccount", "sibling"] as const;
const stages = [chargeStage.carried, chargeStage.settled, chargeStage.voided, chargeStage.lapsed] as const;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      messages: fc.array(message(), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      picks: fc.array(fc.tuple(fc.nat(), fc.constantFrom(...stages)), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("topUp" as const), order: fc.nat(), more: fc.bigInt(1n, 60n) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), order: fc.nat() }) },
);
type Drawn<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Step = Drawn<typeof step>;

function message() {
  return fc.record({ from: fc.constantFrom(...senders), parts: fc.integer({ min: 1, max: 4 }) });
}

/** Small enough that limits are met all the time: prepaid and postpaid, bounded by amount, by parts and by both. */
const terms = fc.record({
  kind: fc.constantFrom("prepaid" as const, "postpaid" as const),
  postOn: fc.constantFrom("accepted" as const, "delivered" as const),
  bound: fc.constantFrom("amount", "parts", "both"),
  limit: fc.integer({ min: 1, max: 25 }),
  prices: fc.bigInt(0n, 9n),
});

describe("conservation", () => {
  it("holds for any sequence of sends, outcomes, top-ups and closings", async () => {
    const scenario = fc.record({
      terms: fc.array(terms, { minLength: 6, maxLength: 6 }),
      steps: fc.array(step, { minLength: 3, maxLength: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ terms, steps }) => {
        const tree = await makeTree(db);
        const world = { tree, orders: await sellAll(tree, terms), sent: [] as Sent[] };
        for (const one of steps) {
          await run(world, one);
          await checkBalances(world.orders);
        }
        expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true, differences: [] });
      }),
      { numRuns: 25 },
    );
  });

  it("finds a message whose money is not in the ledger, and a balance without entries", async () => {
    const tree = await makeTree(db);
    const order = await sellOrder(db, { seller: tree.aggregator, buyer: tree.company, prices: 5n, number: "P-1" });
    const sent = await sendThrough(db, tree.company, { parts: 3 });
    await db.sql`update messages set charge_stage = ${chargeStage.settled} where id = ${sent.messageId}`;
    const ctx = contextFor(db, tree.aggregator.id);
    const before = await prove(ctx, { orderId: order.id });
    expect(before.isClean).toBe(false);
    expect(before.differences).toContainEqual({
      orderId: order.id,
      orderNumber: "P-1",
      unit: "EUR",
      check: "messages",
      account: "held",
      expected: 0n,
      found: 15n,
    });
    expect(before.differences).toHaveLength(4);
    await db.sql`update messages set charge_stage = ${chargeStage.held} where id = ${sent.messageId}`;
    await db.sql`update ledger_accounts set balance = balance + 1 where order_id = ${order.id} and kind = 'available'`;
    expect((await prove(ctx)).differences.map((d) => [d.check, d.account])).toEqual([
      ["balance", "available"],
      ["balance", "available"],
    ]);
    const [proof] = (await proveAll(jobContext(ctx, "test", nilId, "test"))).filter(
      (p) => p.tenantId === tree.aggregator.id,
    );
    expect(proof).toEqual({ tenantId: tree.aggregator.id, orders: 1, messages: 1, differences: 2 });
    const [event] = await db.sql`select data from outbox where name = 'ledger/proof.failed'`;
    expect(event?.data).toMatchObject({ tenantId: tree.aggregator.id, differences: 2 });
    expect(await prove(contextFor(db, tree.stranger.id))).toMatchObject({ orders: 0, messages: 0, isClean: true });
  });

  it("is proven to each tenant for its own orders and those below, and to roles that may read the ledger", async () => {
    const tree = await makeTree(db);
    const sell = { prices: 5n, partsLimit: 9n };
    await sellOrder(db, { ...sell, seller: tree.aggregator, buyer: tree.company });
    await sellOrder(db, { ...sell, seller: tree.company, buyer: tree.partner });
    await sellOrder(db, { ...sell, seller: tree.company, buyer: tree.sibling });
    await sendThrough(db, tree.partner);
    const orders = async (tenantId: string) => (await prove(contextFor(db, tenantId))).orders;
    expect(await orders(tree.aggregator.id)).toBe(3);
    expect(await orders(tree.partner.id)).toBe(1);
    expect(await prove(contextFor(db, tree.sibling.id))).toMatchObject({ orders: 1, messages: 0 });
    await expect(prove(contextFor(db, tree.company.id, "sender"))).rejects.toMatchObject({ kind: "forbidden" });
  });
});

type Terms = Drawn<typeof terms>;
type Sent = { messageId: string; rateId: string; parts: number; stage: ChargeStage };
type World = { tree: Tree; orders: Order[]; sent: Sent[] };

/** Two orders at the company's and the partner's hop, one elsewhere. */
async function sellAll(tree: Tree, all: Terms[]): Promise<Order[]> {
  const edges = [
    [tree.aggregator, tree.company],
    [tree.aggregator, tree.company],
    [tree.company, tree.partner],
    [tree.company, tree.partner],
    [tree.partner, tree.subaccount],
    [tree.company, tree.sibling],
  ] as const;
  const orders: Order[] = [];
  for (const [i, [seller, buyer]] of edges.entries()) {
    const { bound, limit, ...rest } = all[i] as Terms;
    const amountMicros = bound === "parts" ? null : BigInt(limit) * 7n;
    const partsLimit = bound === "amount" ? null : BigInt(limit);
    orders.push(await sellOrder(db, { seller, buyer, ...rest, amountMicros, partsLimit }));
  }
  return orders;
}

async function run(world: World, one: Step): Promise<void> {
  const order = world.orders["order" in one ? one.order % world.orders.length : 0] as Order;
  const seller = contextFor(db, order.sellerId);
  if (one.do === "send") await send(world, one.messages);
  else if (one.do === "settle") await settle(world, one.picks);
  else if (one.do === "close") await unlessEnded(closeOrder(seller, { id: order.id, reason: "Over" }));
  else {
    const more = order.amountMicros === null ? { addParts: one.more } : { addAmountMicros: one.more };
    await unlessEnded(topUpOrder(seller, { id: newId(), orderId: order.id, ...more }));
  }
}

async function send(
  { tree, sent }: World,
  messages: { from: (typeof senders)[number]; parts: number }[],
): Promise<void> {
  const demands = messages.map((m) => demandOf(tree[m.from], { parts: m.parts }));
  const said = await asSystem(contextFor(db, newId()), (ctx) =>
    holdBatch(ctx, { batchId: newId(), dryRun: true, demands }),
  );
  const outcomes = await sendBatch(db, demands);
  expect(outcomes.map(({ messageId: _, ...charged }) => charged)).toEqual(said);
  outcomes.forEach((o, i) => {
    if (o.ok) sent.push({ ...o, parts: messages[i]?.parts ?? 0, stage: chargeStage.held });
  });
}

/** As the delivery does it: the message's stage and its money in one transaction, each message once. */
async function settle({ sent }: World, picks: [number, ChargeStage][]): Promise<void> {
  const chosen = new Map(picks.flatMap(([n, to]) => (sent.length > 0 ? [[n % sent.length, to] as const] : [])));
  const moves = [...chosen].flatMap(([i, to]) => {
    const m = sent[i];
    return m && mayMove(m.stage, to) ? [{ m, to }] : [];
  });
  await asSystem(contextFor(db, newId()), async (ctx) => {
    for (const { m, to } of moves) {
      await ctx.tx.sql`update messages set charge_stage = ${to} where id = ${m.messageId}`;
    }
    await settleBatch(ctx, {
      batchId: newId(),
      moves: moves.map(({ m, to }) => ({ rateId: m.rateId, parts: m.parts, from: m.stage, to })),
    });
  });
  for (const { m, to } of moves) m.stage = to;
}

async function checkBalances(orders: Order[]): Promise<void> {
  const rows = await db.sql<{ orderId: string; sum: bigint; broken: number }[]>`
    select order_id as "orderId", sum(balance)::bigint as sum, count(*) filter (where balance < floor)::int as broken
    from ledger_accounts where order_id = any(${orders.map((o) => o.id)}::uuid[]) group by order_id, unit`;
  for (const row of rows) expect(row).toMatchObject({ sum: 0n, broken: 0 });
}

async function unlessEnded(work: Promise<unknown>): Promise<void> {
  await work.catch((error: { code?: string }) => {
    if (error.code !== "order_not_running") throw error;
  });
}
