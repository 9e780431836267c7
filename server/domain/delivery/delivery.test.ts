/** The delivery room by itself: who is served first, what follows from each answer, and that a repeat changes nothing. */
import { describe, expect, it } from "vitest";
import { claim } from "#server/domain/delivery/claim.ts";
import { expireQueued } from "#server/domain/delivery/expire-queued.ts";
import { expireSilent } from "#server/domain/delivery/expire-silent.ts";
import { holdConnectors, releaseConnector } from "#server/domain/delivery/hold-connectors.ts";
import { loadConnectors } from "#server/domain/delivery/load-connectors.ts";
import { matchParked } from "#server/domain/delivery/match-parked.ts";
import { messageReference, partOfReference } from "#server/domain/delivery/message-reference.ts";
import { recordReceipts } from "#server/domain/delivery/record-receipts.ts";
import { recordResponses } from "#server/domain/delivery/record-responses.ts";
import { recoverLeases } from "#server/domain/delivery/recover-leases.ts";
import { releaseOrphans } from "#server/domain/delivery/release-orphans.ts";
import { reportBinds } from "#server/domain/delivery/report-binds.ts";
import type { ClaimedMessage, IncomingReceipt, MessageResult, PartResult } from "#server/domain/delivery/work.ts";
import { carrierIdVariants, normaliseCarrierId } from "#server/domain/messages/carrier-id.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import type { ErrorVerdict } from "#server/domain/routing/error-codes.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { changeConnector, expectCleanLedger, plainNumber, statusesOf, workerContext } from "#tests/delivering.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { itemOf, makeConnector, makeSendingTree, type SendingTree, send } from "#tests/sending.ts";

const db = await testDatabase();
const owner = newId();

/** Whether this worker holds the connector now. */
async function lease(ctx: Context, input: { connectorId: string; owner: string; ttlMs: number }): Promise<boolean> {
  const { connectorId, ...worker } = input;
  const held = await holdConnectors(ctx, { ...worker, connectorIds: [connectorId] });
  return held.connectorIds.length === 1;
}

async function scene(change: Parameters<typeof changeConnector>[2] = {}) {
  const tree = await makeSendingTree(db);
  await changeConnector(db, tree.connector.id, change);
  const ctx = workerContext(db);
  const connectorId = tree.connector.id;
  await lease(ctx, { connectorId, owner, ttlMs: 60_000 });
  return { tree, ctx, connectorId, take: (limit = 100) => remember(claim(ctx, { connectorId, owner, limit })) };
}

async function submit(tenantId: string, over: Parameters<typeof itemOf>[0][] = [{}]): Promise<string[]> {
  const outcomes = await send(
    contextFor(db, tenantId),
    over.map((o) => itemOf({ to: plainNumber(), ...o })),
  );
  return outcomes.map((outcome) => outcome.id);
}

/** As the worker gives it back: an answer to the claim that is under way, or was. */
const claimedAt = new Map<string, Date>();
const answer = (messageId: string, ...parts: PartResult[]): MessageResult => ({
  messageId,
  parts,
  at: new Date(),
  leasedAt: claimedAt.get(messageId) ?? new Date(0),
});
async function remember(claimed: Promise<ClaimedMessage[]>): Promise<ClaimedMessage[]> {
  for (const message of await claimed) claimedAt.set(message.id, message.leasedAt);
  return claimed;
}
const accepted = (carrierId: string, partNumber = 1): PartResult => ({ partNumber, kind: "accepted", carrierId });
const refused = (verdict: ErrorVerdict): PartResult => ({
  partNumber: 1,
  kind: "refused",
  verdict,
  code: "ESME_X",
});
const receiptOf = async (messageId: string, over: Partial<IncomingReceipt> = {}): Promise<IncomingReceipt> => {
  const [row] = await db.sql<{ msisdn: string }[]>`select msisdn from messages where id = ${messageId}`;
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
};
const later = (ctx: Context, ms: number): Context => ({ ...ctx, clock: { now: () => new Date(Date.now() + ms) } });
const queueOf = (id: string) =>
  db.sql`select lease_owner, attempts, ready_at > now() as waits from send_queue where message_id = ${id}`;

describe("claiming", () => {
  it("serves one-time codes first, then tenants in turn", async () => {
    const { tree, take } = await scene();
    const bulk = await submit(
      tree.subaccount.id,
      Array.from({ length: 30 }, () => ({ class: "bulk" as const })),
    );
    const other = await submit(tree.sibling.id, [{ class: "bulk" }, { class: "bulk" }]);
    const codes = await submit(tree.partner.id, [{ class: "otp" }]);
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
    const { tree, ctx, connectorId, take } = await scene();
    const ids = await submit(tree.subaccount.id, [{}, {}, {}, {}]);
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
    const { tree, ctx, connectorId } = await scene();
    const ids = await submit(tree.subaccount.id, [{ validityMinutes: 1 }, {}]);
    await db.sql`update messages set status = 'cancelled', charge_stage = 4 where id = ${ids[1] ?? ""}`;
    expect(await claim(later(ctx, 120_000), { connectorId, owner, limit: 10 })).toEqual([]);
    await expireQueued(later(ctx, 120_000));
    expect(await statusesOf(db, ids)).toEqual({ expired: 1, cancelled: 1 });
    expect(await queueOf(ids[1] ?? "")).toEqual([]);
  });

  it("is leased to one owner at a time, until it lets go", async () => {
    const { ctx, connectorId } = await scene();
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

describe("answers", () => {
  it("send, fail, or bring back; the same answers again change nothing", async () => {
    const { tree, ctx, connectorId, take } = await scene({ maxAttempts: 2 });
    const [a = "", b = "", c = "", d = "", e = ""] = await submit(tree.subaccount.id, [{}, {}, {}, {}, {}]);
    await take();
    const results = [
      answer(a, accepted("00AB")),
      answer(b, refused("fail")),
      answer(c, refused("throttle")),
      answer(d, refused("retry_later")),
      answer(e, { partNumber: 1, kind: "unsent", why: "not bound" }),
    ];
    for (const _ of [1, 2]) await recordResponses(ctx, { connectorId, owner, results });
    expect(await statusesOf(db, [a, b, c, d, e])).toEqual({ sent: 1, failed: 1, queued: 3 });
    expect(await queueOf(c)).toMatchObject([{ lease_owner: null, attempts: 0, waits: true }]);
    expect(await queueOf(d)).toMatchObject([{ lease_owner: null, attempts: 1, waits: true }]);
    expect(await queueOf(e)).toMatchObject([{ lease_owner: null, attempts: 0, waits: false }]);
    const refs = await db.sql`select carrier_id from carrier_refs where message_id = ${a}`;
    expect(refs).toMatchObject([{ carrier_id: "ab" }]);
    await db.sql`update send_queue set ready_at = now() - interval '1 second' where message_id = ${d}`;
    const before = answer(d, refused("retry_later"));
    await take();
    await recordResponses(ctx, { connectorId, owner, results: [before] });
    expect(await queueOf(d)).toMatchObject([{ lease_owner: owner, attempts: 1 }]);
    await recordResponses(ctx, { connectorId, owner, results: [answer(d, refused("retry_later"))] });
    expect(await statusesOf(db, [d])).toEqual({ failed: 1 });
    await expectCleanLedger(db, tree);
  });

  it("that are lost wait, or are sent again and marked, as the route says; a late answer settles them", async () => {
    const lost = (id: string) => answer(id, { partNumber: 1, kind: "lost", why: "timeout" });
    const waiting = await scene({ unknownPolicy: "wait" });
    const [w = ""] = await submit(waiting.tree.subaccount.id);
    await waiting.take();
    const to = { connectorId: waiting.connectorId, owner };
    for (const _ of [1, 2]) await recordResponses(waiting.ctx, { ...to, results: [lost(w)] });
    expect(await statusesOf(db, [w])).toEqual({ unknown: 1 });
    expect(await queueOf(w)).toMatchObject([{ lease_owner: "unknown" }]);
    expect(await waiting.take()).toEqual([]);
    await recordResponses(waiting.ctx, { ...to, results: [answer(w, accepted("late"))] });
    expect(await statusesOf(db, [w])).toEqual({ sent: 1 });
    expect(await queueOf(w)).toEqual([]);

    const again = await scene({ unknownPolicy: "resend" });
    const [r = ""] = await submit(again.tree.subaccount.id);
    await again.take();
    await recordResponses(again.ctx, { connectorId: again.connectorId, owner, results: [lost(r)] });
    const [row] = await db.sql`select status, possible_duplicate from messages where id = ${r}`;
    expect(row).toEqual({ status: "queued", possible_duplicate: true });
    expect(await queueOf(r)).toMatchObject([{ lease_owner: null, attempts: 1, waits: true }]);
    await expectCleanLedger(db, again.tree);
  });

  it("that refuse what was sent again, or come too late for it, leave the first attempt to its receipt", async () => {
    const { tree, ctx, connectorId, take } = await scene({ unknownPolicy: "resend" });
    const ids = await submit(tree.subaccount.id, [{}, { validityMinutes: 5 }, {}]);
    const [refusedAgain = "", overdue = "", late = ""] = ids;
    const record = (context: Context, results: MessageResult[]) =>
      recordResponses(context, { connectorId, owner, results });
    await take();
    await record(
      ctx,
      ids.map((id) => answer(id, { partNumber: 1, kind: "lost", why: "timeout" })),
    );
    // The only attempt was refused after all: nothing of it can be at the carrier.
    await record(ctx, [answer(late, refused("fail"))]);
    expect(await statusesOf(db, ids)).toEqual({ queued: 2, failed: 1 });
    await db.sql`update send_queue set ready_at = now() where message_id = ${refusedAgain}`;
    expect((await take()).map((message) => message.id)).toEqual([refusedAgain]);
    await record(ctx, [answer(refusedAgain, refused("fail"))]);
    await expireQueued(later(ctx, 600_000));
    expect(await statusesOf(db, [refusedAgain, overdue])).toEqual({ unknown: 2 });
    expect(await queueOf(refusedAgain)).toMatchObject([{ lease_owner: "unknown" }]);
    await record(ctx, [answer(overdue, accepted("81"))]);
    await recordReceipts(ctx, { connectorId, receipts: [await receiptOf(overdue, { carrierId: "81" })] });
    expect(await statusesOf(db, [overdue])).toEqual({ delivered: 1 });
    await expectCleanLedger(db, tree);
  });

  it("of a worker that died are unknown for the next one, and never claimed again", async () => {
    const { tree, ctx, connectorId, take } = await scene();
    const ids = await submit(tree.subaccount.id, [{}, {}]);
    await take();
    const heir = newId();
    expect(await recoverLeases(ctx, { connectorId, owner: heir })).toBe(0);
    await releaseConnector(ctx, { connectorId, owner });
    await lease(ctx, { connectorId, owner: heir, ttlMs: 60_000 });
    expect(await recoverLeases(ctx, { connectorId, owner: heir })).toBe(2);
    expect(await recoverLeases(ctx, { connectorId, owner: heir })).toBe(0);
    expect(await statusesOf(db, ids)).toEqual({ unknown: 2 });
    expect(await claim(ctx, { connectorId, owner: heir, limit: 10 })).toEqual([]);
  });
});

describe("a claim whose answer was lost", () => {
  it("is found by its owner, which has nothing of it in hand, and freed unmarked", async () => {
    const { tree, ctx, connectorId, take } = await scene();
    const [kept = "", lost = ""] = await submit(tree.subaccount.id, [{}, {}]);
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

describe("receipts", () => {
  async function sent(tree: SendingTree, ctx: Context, connectorId: string, carrierIds: string[], text?: string) {
    const [id = ""] = await submit(tree.subaccount.id, [text ? { text } : {}]);
    await remember(claim(ctx, { connectorId, owner, limit: 10 }));
    const parts = carrierIds.map((carrierId, index) => accepted(carrierId, index + 1));
    await recordResponses(ctx, { connectorId, owner, results: [answer(id, ...parts)] });
    return id;
  }

  it("move forward only, and once", async () => {
    const { tree, ctx, connectorId } = await scene();
    const id = await sent(tree, ctx, connectorId, ["1001"]);
    const receive = async (state: IncomingReceipt["state"]) =>
      recordReceipts(ctx, { connectorId, receipts: [await receiptOf(id, { carrierId: "1001", state })] });
    await receive("ENROUTE");
    expect(await statusesOf(db, [id])).toEqual({ sent: 1 });
    await receive("DELIVRD");
    await receive("DELIVRD");
    await receive("UNDELIV");
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    const events =
      await db.sql`select detail->>'state' as state from message_events where message_id = ${id} and kind = 'receipt'`;
    expect(events.map((event) => event.state).sort()).toEqual(["DELIVRD", "ENROUTE"]);
    await expectCleanLedger(db, tree);
  });

  it("end a long message when all of its parts have theirs, or when one failed", async () => {
    const { tree, ctx, connectorId } = await scene();
    const text = "A text of two parts, which is a little longer than fits into one. ".repeat(4);
    const good = await sent(tree, ctx, connectorId, ["g1", "g2"], text);
    const bad = await sent(tree, ctx, connectorId, ["b1", "b2"], text);
    await recordReceipts(ctx, { connectorId, receipts: [await receiptOf(good, { carrierId: "g1" })] });
    expect(await statusesOf(db, [good])).toEqual({ sent: 1 });
    await recordReceipts(ctx, {
      connectorId,
      receipts: [
        await receiptOf(good, { carrierId: "g2" }),
        await receiptOf(bad, { carrierId: "b2", state: "UNDELIV", errorCode: "5" }),
        await receiptOf(bad, { carrierId: "b1" }),
      ],
    });
    expect(await statusesOf(db, [good])).toEqual({ delivered: 1 });
    expect(await statusesOf(db, [bad])).toEqual({ undelivered: 1 });
    await expectCleanLedger(db, tree);
  });

  it("of two parts at the same moment end the message, whichever is written last", async () => {
    const { tree, ctx, connectorId } = await scene();
    const text = "Two parts, a little longer than fits into one. ".repeat(5);
    const id = await sent(tree, ctx, connectorId, ["s1", "s2"], text);
    const receive = async (carrierId: string) =>
      recordReceipts(ctx, { connectorId, receipts: [await receiptOf(id, { carrierId })] });
    const waiting = async () => {
      const here = db.sql`select pid from pg_stat_activity where datname = current_database()`;
      return (await db.sql`select 1 from pg_locks where not granted and pid in (${here})`).length;
    };
    const received = await db.sql.begin(async (sql) => {
      await sql`select 1 from messages where id = ${id} for update`;
      const both = Promise.all([receive("s1"), receive("s2")]);
      await expect.poll(waiting, { timeout: 10_000 }).toBe(2);
      return { both };
    });
    await received.both;
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    await expectCleanLedger(db, tree);
  });

  it("that come before their answer are parked, and found by it", async () => {
    const { tree, ctx, connectorId, take } = await scene();
    const [id = ""] = await submit(tree.subaccount.id);
    await take();
    const early = await receiptOf(id, { carrierId: "2001" });
    for (const _ of [1, 2])
      expect(await recordReceipts(ctx, { connectorId, receipts: [early] })).toEqual({ matched: 0, parked: 1 });
    await recordResponses(ctx, { connectorId, owner, results: [answer(id, accepted("2001"))] });
    expect(await statusesOf(db, [id])).toEqual({ delivered: 1 });
    expect(
      await db.sql`select 1 from parked_receipts where connector_id = ${connectorId} and resolved_at is null`,
    ).toEqual([]);
  });

  it("tell the fate of an unknown message: by its reference, or by number and sender where only one can be meant", async () => {
    const { tree, ctx, connectorId, take } = await scene();
    const [one = "", two = "", three = "", four = ""] = await submit(tree.subaccount.id, [{}, {}, {}, {}]);
    await db.sql`update messages set msisdn = (select msisdn from messages where id = ${three}) where id = ${four}`;
    await take();
    const lost = [one, two, three, four].map((id) =>
      answer(id, { partNumber: 1, kind: "lost" as const, why: "closed" }),
    );
    await recordResponses(ctx, { connectorId, owner, results: lost });
    const receipts = [
      await receiptOf(one, { carrierId: "r1", userMessageReference: messageReference(one, 1) }),
      await receiptOf(two, { carrierId: "r2", state: "UNDELIV" }),
      await receiptOf(three, { carrierId: "r3" }),
      await receiptOf(one, { carrierId: "r4", userMessageReference: messageReference(one, 1) + 9 }),
    ];
    await recordReceipts(ctx, { connectorId, receipts });
    expect(await matchParked(later(ctx, 1_500), { connectorId })).toBe(0);
    expect(await matchParked(later(ctx, 60_000), { connectorId })).toBe(2);
    expect(await statusesOf(db, [one])).toEqual({ delivered: 1 });
    expect(await statusesOf(db, [two])).toEqual({ undelivered: 1 });
    expect(await statusesOf(db, [three, four])).toEqual({ unknown: 2 });
    expect(await queueOf(one)).toEqual([]);
    await expectCleanLedger(db, tree);
  });

  it("that never come end the wait: unknown is given back, taken messages are expired", async () => {
    const { tree, ctx, connectorId, take } = await scene({ receiptTimeoutHours: 2 });
    const taken = await sent(tree, ctx, connectorId, ["3001"]);
    const [unknown = "", queued = ""] = await submit(tree.subaccount.id, [{}, { validityMinutes: 5 }]);
    await db.sql`update send_queue set is_held = true where message_id = ${queued}`;
    await take();
    await recordResponses(ctx, {
      connectorId,
      owner,
      results: [answer(unknown, { partNumber: 1, kind: "lost", why: "timeout" })],
    });
    expect(await expireQueued(ctx)).toEqual({ expired: 0, givenUp: 0 });
    expect(await expireSilent(ctx, { connectorId, lookBackHours: 24 })).toBe(0);
    const then = later(ctx, 2.1 * 3_600_000);
    expect(await expireQueued(then)).toMatchObject({ givenUp: 1 });
    expect(await expireSilent(then, { connectorId, lookBackHours: 24 })).toBe(1);
    expect(await expireSilent(then, { connectorId, lookBackHours: 24 })).toBe(0);
    expect(await statusesOf(db, [taken, unknown, queued])).toEqual({ expired: 2, failed: 1 });
    await expectCleanLedger(db, tree);
  });
});

describe("the room", () => {
  it("is closed to people", async () => {
    const { tree, connectorId } = await scene();
    const person = contextFor(db, tree.aggregator.id);
    const calls = [
      claim(person, { connectorId, owner, limit: 1 }),
      recordResponses(person, { connectorId, owner, results: [] }),
      recordReceipts(person, { connectorId, receipts: [] }),
      matchParked(person, { connectorId }),
      recoverLeases(person, { connectorId, owner }),
      releaseOrphans(person, { connectorId, owner, known: [], olderThanMs: 0 }),
      expireQueued(person),
      expireSilent(person, { connectorId, lookBackHours: 1 }),
      lease(person, { connectorId, owner, ttlMs: 1 }),
      releaseConnector(person, { connectorId, owner }),
      loadConnectors(person),
      reportBinds(person, { reports: [] }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("opens passwords for the worker, and reports binds for the console", async () => {
    const { ctx, connectorId } = await scene();
    const connector = (await loadConnectors(ctx)).find((c) => c.id === connectorId);
    expect(connector?.password).toBe("s3cret!");
    expect(connector).not.toHaveProperty("passwordSealed");
    const bind = { state: "bound" as const, lastError: null, since: new Date() };
    await reportBinds(ctx, {
      reports: [{ connectorId, binds: [1, 2].map((bindNumber) => ({ ...bind, bindNumber })) }],
    });
    await reportBinds(ctx, {
      reports: [{ connectorId, binds: [{ ...bind, bindNumber: 1, state: "waiting", lastError: "refused" }] }],
    });
    const rows =
      await db.sql`select bind_number, state, last_error from connector_binds where connector_id = ${connectorId}`;
    expect(rows).toEqual([{ bind_number: 1, state: "waiting", last_error: "refused" }]);
  });

  it("knows an id in every notation, and a reference from its neighbour's", () => {
    expect([" 00AB ", "0x0f", "000", "A-1"].map(normaliseCarrierId)).toEqual(["ab", "f", "0", "a-1"]);
    expect(carrierIdVariants("0255")).toEqual(["255", "ff", "597"]);
    expect(carrierIdVariants("FF")).toEqual(["ff", "255"]);
    expect(carrierIdVariants("not-hex")).toEqual(["not-hex"]);
    const id = newId();
    expect([1, 2, 3].map((part) => partOfReference(id, 3, messageReference(id, part)))).toEqual([1, 2, 3]);
    expect(partOfReference(id, 1, messageReference(id, 2))).toBeNull();
  });
});
