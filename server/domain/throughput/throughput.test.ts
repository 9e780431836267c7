/** Contracts as people set them and processes divide them, and what waits as people read it. */
import { describe, expect, it } from "vitest";
import { endExchange, exchange } from "#server/domain/throughput/exchange.ts";
import { getContract } from "#server/domain/throughput/get-contract.ts";
import { pathOf } from "#server/domain/throughput/path-of.ts";
import { queueFigures } from "#server/domain/throughput/queue-figures.ts";
import { reportRates } from "#server/domain/throughput/report-rates.ts";
import { sampleQueue } from "#server/domain/throughput/sample-queue.ts";
import { setContract } from "#server/domain/throughput/set-contract.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { itemOf, makeSendingTree, nextNumber, send } from "#tests/sending.ts";

const db = await testDatabase();
const workerContext = () => jobContext({ db, clock: systemClock }, "worker", nilId, newId());
const of = (tenantId: string, reservedPerSecond: number, maxPerSecond: number | null = null, weight = 1) => ({
  tenantId,
  reservedPerSecond,
  maxPerSecond,
  weight,
});
const codeOf = (promise: Promise<unknown>) => promise.then(() => "fine").catch((error) => error.code);

describe("a contract", () => {
  it("is set from above, seen by its tenant, written to the log once, and the same again changes nothing", async () => {
    const { aggregator, company } = await makeTree(db);
    const root = contextFor(db, aggregator.id);
    const input = of(company.id, 100, 500, 4);
    const view = await setContract(root, input);
    expect(view).toMatchObject({
      contract: { reservedPerSecond: 100, maxPerSecond: 500, weight: 4 },
      maxPerSecond: 500,
    });
    expect(await setContract(root, input)).toEqual(view);
    const seen = await getContract(contextFor(db, company.id, "viewer"));
    expect(seen).toEqual({ ...view, reservablePerSecond: null });
    const log =
      await db.sql`select action, detail from audit_log where subject_type = 'contract' and tenant_id = ${company.id}`;
    expect(log).toMatchObject([{ action: "throughput.set_contract", detail: { maxPerSecond: 500 } }]);
  });

  it("is nobody's own to set, but the root's, and not for every role", async () => {
    const { aggregator, company, partner } = await makeTree(db);
    expect(await codeOf(setContract(contextFor(db, partner.id), of(partner.id, 0, 10)))).toBe("own_contract");
    expect(await codeOf(setContract(contextFor(db, aggregator.id), of(aggregator.id, 0, 10_000)))).toBe("fine");
    for (const role of ["sender", "moderator", "support", "viewer"] as const) {
      expect(await codeOf(setContract(contextFor(db, aggregator.id, role), of(company.id, 0)))).toBe("forbidden");
    }
    expect(await codeOf(setContract(contextFor(db, aggregator.id, "finance"), of(company.id, 5)))).toBe("fine");
    expect(await codeOf(setContract(contextFor(db, aggregator.id), of(company.id, 20, 10)))).toBe("invalid_input");
  });

  it("of somebody outside is neither seen nor set", async () => {
    const { partner, sibling, stranger, company } = await makeTree(db);
    for (const { id } of [sibling, stranger, company]) {
      expect(await codeOf(getContract(contextFor(db, partner.id), { tenantId: id }))).toBe("tenant_not_found");
      expect(await codeOf(setContract(contextFor(db, partner.id), of(id, 0)))).toBe("tenant_not_found");
    }
    const hidden = await db.asTenant(partner.id, ({ sql }) => sql`select from contract_uses`);
    expect(hidden).toHaveLength(0);
  });

  it("gives nobody more than the contracts above have", async () => {
    const { aggregator, company, partner, sibling, subaccount } = await makeTree(db);
    const root = contextFor(db, aggregator.id);
    const top = contextFor(db, company.id);
    // Without a contract the company has nothing to reserve; the root has the carriers.
    expect(await codeOf(setContract(top, of(partner.id, 1)))).toBe("beyond_reservation");
    await setContract(root, of(company.id, 100, 300));
    expect(await codeOf(setContract(top, of(partner.id, 0, 301)))).toBe("above_contract");
    expect(await codeOf(setContract(top, of(partner.id, 70, 200)))).toBe("fine");
    expect(await codeOf(setContract(top, of(sibling.id, 31)))).toBe("beyond_reservation");
    expect(await codeOf(setContract(top, of(sibling.id, 30)))).toBe("fine");
    expect(await codeOf(setContract(contextFor(db, partner.id), of(subaccount.id, 71)))).toBe("beyond_reservation");
    // Below a contract of a tenant that is not the caller's child: from the same reservation.
    expect(await codeOf(setContract(root, of(subaccount.id, 50)))).toBe("fine");
    expect(await codeOf(setContract(top, of(partner.id, 40, 200)))).toBe("reservation_given_out");
    expect(await codeOf(setContract(root, of(company.id, 90, 300)))).toBe("reservation_given_out");
    expect(await getContract(top, { tenantId: partner.id })).toMatchObject({
      givenPerSecond: 50,
      reservablePerSecond: 70,
      maxPerSecond: 200,
    });
    // Each counts with what is left to it.
    const terms = await exchange(workerContext(), { owner: newId(), side: "out", uses: new Map() });
    const leftTo = (id: string) => terms.find(({ tenantId }) => tenantId === id)?.reservedPerSecond;
    expect([company, partner, sibling, subaccount].map(({ id }) => leftTo(id))).toEqual([0, 20, 30, 50]);
    // Lowered above, it holds below at once.
    await setContract(root, of(company.id, 100, 150));
    expect(await getContract(contextFor(db, subaccount.id))).toMatchObject({
      contract: { maxPerSecond: null },
      maxPerSecond: 150,
    });
  });

  it("does not give the same reservation twice to two who ask at once", async () => {
    const { aggregator, company, partner, sibling } = await makeTree(db);
    await setContract(contextFor(db, aggregator.id), of(company.id, 100));
    const codes = await Promise.all(
      [partner, sibling].map(({ id }) => codeOf(setContract(contextFor(db, company.id), of(id, 80)))),
    );
    expect(codes.sort()).toEqual(["beyond_reservation", "fine"]);
  });
});

describe("processes", () => {
  const later = (ctx: Context, ms: number): Context => ({ ...ctx, clock: { now: () => new Date(Date.now() + ms) } });

  it("divide a contract by what passes through each, all of them together exactly one", async () => {
    const { aggregator, company } = await makeTree(db);
    await setContract(contextFor(db, aggregator.id), of(company.id, 0, 100, 3));
    const ctx = workerContext();
    const [a, b] = [newId(), newId()];
    const partOf = async (owner: string, perSecond: number, over = ctx) => {
      const uses = new Map(perSecond > 0 ? [[company.id, perSecond]] : []);
      const terms = await exchange(over, { owner, side: "in", uses });
      return terms.find(({ tenantId }) => tenantId === company.id);
    };
    expect(await partOf(a, 90)).toEqual({
      tenantId: company.id,
      reservedPerSecond: 0,
      maxPerSecond: 100,
      weight: 3,
      part: 1,
    });
    expect((await partOf(b, 0))?.part).toBe(0.5);
    expect((await partOf(b, 30))?.part).toBeCloseTo(0.25);
    expect((await partOf(a, 90))?.part).toBeCloseTo(0.75);
    // What goes out is another matter than what comes in.
    const out = await exchange(ctx, { owner: a, side: "out", uses: new Map([[company.id, 1]]) });
    expect(out.find(({ tenantId }) => tenantId === company.id)?.part).toBe(1);
    // One that is silent, or says goodbye, has no part any more.
    expect((await partOf(a, 90, later(ctx, 6_000)))?.part).toBe(1);
    await partOf(b, 90);
    await endExchange(ctx, { owner: b });
    expect((await partOf(a, 90))?.part).toBe(1);
    expect(await codeOf(exchange(contextFor(db, company.id), { owner: a, side: "in", uses: new Map() }))).toBe(
      "forbidden",
    );
  });

  it("find the way to a tenant", async () => {
    const { subaccount } = await makeTree(db);
    expect(await pathOf(workerContext(), subaccount.id)).toEqual(subaccount.ancestors);
  });
});

describe("the queue's figures", () => {
  it("count by lane and tenant, say since when and how much longer, and show nobody's but one's own", async () => {
    const tree = await makeSendingTree(db);
    const ctx = workerContext();
    const sendAs = (tenantId: string, items: Parameters<typeof itemOf>[0][]) =>
      send(
        contextFor(db, tenantId),
        items.map((item) => itemOf({ to: nextNumber(), ...item })),
      );
    await sendAs(
      tree.subaccount.id,
      Array.from({ length: 30 }, () => ({ class: "bulk" as const })),
    );
    await sendAs(tree.subaccount.id, [{ class: "otp" }, { sendAt: new Date(Date.now() + 3_600_000) }]);
    const [held] = await sendAs(tree.sibling.id, [{ class: "bulk" }, { class: "bulk" }]);
    await db.sql`update send_queue set is_held = true where message_id = ${held?.id ?? ""}`;
    await db.sql`update send_queue set ready_at = now() - interval '40 seconds' where lane = 0`;
    expect(await queueFigures(contextFor(db, tree.aggregator.id))).toMatchObject({ countedAt: null, tenants: [] });

    await sampleQueue(ctx);
    const own = await queueFigures(contextFor(db, tree.subaccount.id, "viewer"));
    expect(own.tenants.map(({ tenantId }) => tenantId)).toEqual([tree.subaccount.id]);
    expect(own.lanes).toEqual([
      { lane: "otp", waiting: 1, held: 0, scheduled: 0, oldestSeconds: expect.any(Number), drainSeconds: null },
      { lane: "transactional", waiting: 1, held: 0, scheduled: 1, oldestSeconds: null, drainSeconds: 0 },
      { lane: "bulk", waiting: 30, held: 0, scheduled: 0, oldestSeconds: expect.any(Number), drainSeconds: null },
    ]);
    expect(own.lanes[0]?.oldestSeconds).toBeGreaterThanOrEqual(40);

    await reportRates(ctx, { rates: [{ connectorId: tree.connector.id, perSecond: 2 }] });
    await sampleQueue(ctx);
    const all = await queueFigures(contextFor(db, tree.aggregator.id));
    expect(all.tenants.map(({ tenantName }) => tenantName)).toEqual(["Sub-account", "Sibling"]);
    // 32 messages at 2 a second; the sibling's one has an equal turn.
    expect(all.lanes[2]).toMatchObject({ waiting: 32, held: 1 });
    expect(all.lanes[2]?.drainSeconds).toBeGreaterThanOrEqual(15);
    expect(all.lanes[2]?.drainSeconds).toBeLessThanOrEqual(17);
    const sibling = await queueFigures(contextFor(db, tree.aggregator.id), { tenantId: tree.sibling.id });
    expect(sibling.lanes[2]?.drainSeconds).toBeLessThanOrEqual(2);
    expect(await codeOf(queueFigures(contextFor(db, tree.sibling.id), { tenantId: tree.subaccount.id }))).toBe(
      "tenant_not_found",
    );
    await db.sql`delete from send_queue`;
    await sampleQueue(ctx);
    expect((await queueFigures(contextFor(db, tree.aggregator.id))).countedAt).toBeNull();
  });
});
