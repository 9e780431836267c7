/** Who is served first, who may claim at all, and what becomes of a claim whose answer was lost. */
import { describe, expect, it } from "vitest";
import { claim } from "#server/domain/delivery/claim.ts";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { holdConnectors, releaseConnector } from "#server/domain/delivery/hold-connectors.ts";
import { releaseOrphans } from "#server/domain/delivery/release-orphans.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { statusesOf, workerContext } from "#tests/delivering.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { makeConnector } from "#tests/sending.ts";
import { later, lease, WorkerByHand } from "#tests/worker-by-hand.ts";

const db = await testDatabase();
const worker = new WorkerByHand(db);
const { owner } = worker;

describe("claiming", () => {
  it("serves one-time codes first, then tenants in turn", async () => {
    const { tree, take } = await worker.scene();
    const bulk = await worker.submit(
      tree.subaccount.id,
      Array.from({ length: 30 }, () => ({ class: "bulk" as const })),
    );
    const other = await worker.submit(tree.sibling.id, [{ class: "bulk" }, { class: "bulk" }]);
    const codes = await worker.submit(tree.partner.id, [{ class: "otp" }]);
    const first = (await take(5)).map((message) => message.id);
    expect(first).toEqual(expect.arrayContaining([...codes, ...other]));
    expect(first[0]).toBe(codes[0]);
    expect(first.filter((id) => bulk.includes(id))).toEqual(bulk.slice(0, 2));
    const rest: string[] = [];
    for (let batch = await take(); batch.length > 0; batch = await take()) rest.push(...batch.map((m) => m.id));
    expect(new Set([...first, ...rest])).toEqual(new Set([...bulk, ...other, ...codes]));
    expect(rest).toHaveLength(28);
  });

  it("gives nothing to a worker without the lease, to two workers at once, or of a held or future row", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene();
    const ids = await worker.submit(tree.subaccount.id, [{}, {}, {}, {}]);
    expect(await claim(ctx, { connectorId, owner: newId(), limit: 10 })).toEqual([]);
    await db.sql`update send_queue set is_held = true where message_id = ${ids[0] ?? ""}`;
    await db.sql`update send_queue set ready_at = now() + interval '1 hour' where message_id = ${ids[1] ?? ""}`;
    const both = await Promise.all([take(), take()]);
    expect(
      both
        .flat()
        .map((message) => message.id)
        .sort(),
    ).toEqual(ids.slice(2));
    const inHand = await db.sql`
      select message_id from send_queue where message_id = any(${ids}::uuid[]) and lease_owner = ${owner}`;
    expect(inHand.map((row) => row.message_id).sort()).toEqual(ids.slice(2));
    const seen = await getMessage(contextFor(db, tree.subaccount.id), { id: ids[2] ?? "" });
    expect(seen.status).toBe("sending");
  });

  it("leaves what is past its validity to be expired, and drops what was cancelled meanwhile", async () => {
    const { tree, ctx, connectorId } = await worker.scene();
    const ids = await worker.submit(tree.subaccount.id, [{ validityMinutes: 1 }, {}]);
    await db.sql`update messages set status = 'cancelled', charge_stage = 4 where id = ${ids[1] ?? ""}`;
    expect(await claim(later(ctx, 120_000), { connectorId, owner, limit: 10 })).toEqual([]);
    await expireQueued(later(ctx, 120_000));
    expect(await statusesOf(db, ids)).toEqual({ expired: 1, cancelled: 1 });
    expect(await worker.queueOf(ids[1] ?? "")).toEqual([]);
  });

  it("is leased to one owner at a time, until it lets go", async () => {
    const { ctx, connectorId } = await worker.scene();
    const rival = { connectorId, owner: newId(), ttlMs: 1_000 };
    expect(await lease(ctx, rival)).toBe(false);
    expect(await lease(ctx, { connectorId, owner, ttlMs: 60_000 })).toBe(true);
    await releaseConnector(ctx, { connectorId, owner });
    expect(await lease(ctx, rival)).toBe(true);
  });

  it("is one of a worker's share: the first has all until a second lives, a third takes what is free, a leaving one nothing", async () => {
    const ctx = workerContext(db);
    await db.sql`delete from connector_workers`;
    const tree = await makeTree(db);
    const made = await Promise.all(Array.from({ length: 7 }, () => makeConnector(db, tree.company.id)));
    const connectorIds = made.map((connector) => connector.id).sort();
    const [a, b, c] = [newId(), newId(), newId()];
    const hold = (owner: string, isLeaving = false) =>
      holdConnectors(ctx, { owner, connectorIds, ttlMs: 60_000, isLeaving });
    expect(await hold(a)).toEqual({ connectorIds, share: 7 });
    expect(await hold(b)).toEqual({ connectorIds: [], share: 4 });
    for (const connectorId of connectorIds.slice(4)) await releaseConnector(ctx, { connectorId, owner: a });
    expect(await hold(a)).toEqual({ connectorIds: connectorIds.slice(0, 4), share: 4 });
    expect(await hold(b)).toEqual({ connectorIds: connectorIds.slice(4), share: 4 });
    expect(await hold(a, true)).toMatchObject({ connectorIds: connectorIds.slice(0, 4), share: 7 });
    expect(await hold(c)).toEqual({ connectorIds: [], share: 4 });
    await db.sql`update connector_leases set expires_at = now() where owner = ${a}`;
    expect(await hold(c)).toEqual({ connectorIds: connectorIds.slice(0, 4), share: 4 });
  });
});

describe("a claim whose answer was lost", () => {
  it("is found by its owner, which has nothing of it in hand, and freed unmarked", async () => {
    const { tree, ctx, connectorId, take } = await worker.scene();
    const [kept = "", lost = ""] = await worker.submit(tree.subaccount.id, [{}, {}]);
    await take();
    const ask = { connectorId, owner, known: [kept], olderThanMs: 5_000 };
    expect(await releaseOrphans(ctx, ask)).toBe(0);
    expect(await releaseOrphans(later(ctx, 6_000), { ...ask, owner: newId() })).toBe(0);
    expect(await releaseOrphans(later(ctx, 6_000), ask)).toBe(1);
    const rows = await db.sql`
      select lease_owner, possible_duplicate from send_queue join messages on id = message_id
      where message_id in (${kept}, ${lost}) order by message_id`;
    expect(rows.map((row) => [row.lease_owner, row.possible_duplicate])).toEqual([
      [owner, false],
      [null, false],
    ]);
  });
});
