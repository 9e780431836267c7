/** Submit: every refusal and its neighbours, repeats, dry runs, idempotency keys, parallel senders against a small order. */
import { describe, expect, it } from "vitest";
import { moderationPolicies } from "#db/schema/moderation.ts";
import { prove } from "#server/domain/ledger/prove.ts";
import { getMessage } from "#server/domain/messages/get.ts";
import { submitGroup, submitMessages } from "#server/domain/messages/submit.ts";
import { forgetPolicies } from "#server/domain/moderation/policy-snapshot.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { derivedId, newId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, keyContextFor, makeTree } from "#tests/factories.ts";
import { chainPrices, sellOrder } from "#tests/money.ts";
import { approvedSender, itemOf, loadTestOperators, makeSendingTree, nextNumber, send } from "#tests/sending.ts";
import { balances } from "#tests/traffic.ts";

const db = await testDatabase();

const messageCount = async (tenantId: string) =>
  (await db.sql<{ n: number }[]>`select count(*)::int as n from messages where tenant_id = ${tenantId}`)[0]?.n;

const filter = (tenantId: string, phrase: string, action: "review" | "block") =>
  db.sql`insert into keyword_filters (id, tenant_id, phrase, action) values (${newId()}, ${tenantId}, ${phrase}, ${action})`;

const policy = async (tenantId: string, mode: "filters" | "always") => {
  await db.asSystem((tx) => tx.db.insert(moderationPolicies).values({ tenantId, mode }));
  forgetPolicies(db);
};

describe("submit", () => {
  it("accepts with the price at the own edge only, and writes message, queue, timeline and counters", async () => {
    const tree = await makeSendingTree(db);
    const item = itemOf({ text: "Phở ".repeat(30), class: "otp", reference: "order-77" });
    const [outcome] = await send(contextFor(db, tree.subaccount.id), [item]);
    expect(outcome).toMatchObject({ id: item.id, to: item.to, status: "queued", parts: 2, encoding: "ucs2" });
    expect(outcome?.prices).toMatchObject([
      { hop: 0, sellerId: tree.partner.id, totalMicros: 2n * chainPrices.subaccount },
    ]);
    const [message] = await db.sql`select * from messages where id = ${item.id}`;
    expect(message).toMatchObject({ status: "queued", charge_stage: 1, operator_id: "vn-vinaphone", source: "http" });
    const [queued] =
      await db.sql`select *, valid_until - ready_at as validity from send_queue where message_id = ${item.id}`;
    expect(queued).toMatchObject({ lane: 0, is_held: false, connector_id: tree.connector.id, validity: "00:10:00" });
    const { timeline } = await getMessage(contextFor(db, tree.subaccount.id), { id: item.id });
    expect(timeline).toMatchObject([{ kind: "accepted", detail: { source: "http", parts: 2, encoding: "ucs2" } }]);
    const [delta] = await db.sql`select * from report_deltas where tenant_id = ${tree.subaccount.id}`;
    expect(delta).toMatchObject({ accepted_count: 1n, accepted_parts: 2n, held_parts: 2n });
    const [order] = await db.sql`select id from orders where buyer_id = ${tree.company.id}`;
    expect(await balances(db, { id: String(order?.id) })).toMatchObject({ heldMicros: 2n * chainPrices.company });
  });

  it("refuses each message for its own reason, and none of its neighbours", async () => {
    const tree = await makeSendingTree(db);
    await filter(tree.company.id, "casino", "block");
    await policy(tree.aggregator.id, "filters");
    const optedOut = nextNumber();
    await db.sql`insert into opt_outs (tenant_id, msisdn, source) values (${tree.subaccount.id}, ${optedOut}, 'api')`;
    const cases = {
      invalid_id: itemOf({ id: derivedId(Date.UTC(2019, 1, 1), "old", 1) }),
      invalid_text: itemOf({ text: "zero \u0000 byte" }),
      empty_text: itemOf({ text: "  " }),
      text_too_long: itemOf({ text: "a".repeat(1_531) }),
      invalid_number: itemOf({ to: "02438253333" }),
      unknown_operator: itemOf({ to: "+12015550123" }),
      sender_not_approved: itemOf({ sender: "NOBODY" }),
      opted_out: itemOf({ to: optedOut, class: "bulk" }),
      blocked_content: itemOf({ text: "The best CASINO in town" }),
      no_price: itemOf({ to: "+4915123456789" }),
    };
    const good = [itemOf(), itemOf({ to: optedOut }), itemOf({ sender: "acme", to: "0912 345 678" })];
    const items = [good[0], ...Object.values(cases), good[1], good[2]].filter((item) => item !== undefined);
    const outcomes = await send(contextFor(db, tree.subaccount.id), items);
    expect(outcomes.map((o) => o.error?.code ?? o.status)).toEqual([
      "queued",
      ...Object.keys(cases),
      "queued",
      "queued",
    ]);
    expect(outcomes.at(-1)?.to).toBe("84912345678");
    expect(await messageCount(tree.subaccount.id)).toBe(3);
    expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true, messages: 3 });
  });

  it("says no_route without a route, no_order at the own edge, and temporarily_unavailable above it", async () => {
    await loadTestOperators(db);
    const tree = await makeTree(db);
    await approvedSender(db, tree.subaccount.id, "ACME");
    const ctx = contextFor(db, tree.subaccount.id);
    expect((await send(ctx, [itemOf()]))[0]?.error?.code).toBe("no_route");
    const routed = await makeSendingTree(db);
    await db.sql`update orders set status = 'closed' where buyer_id = ${routed.company.id}`;
    const [hidden] = await send(contextFor(db, routed.subaccount.id), [itemOf()]);
    expect(hidden?.error?.code).toBe("temporarily_unavailable");
    await db.sql`update orders set status = 'closed' where buyer_id = ${routed.subaccount.id}`;
    const [own] = await send(contextFor(db, routed.subaccount.id), [itemOf()]);
    expect(own?.error?.code).toBe("no_order");
  });

  it("refuses a suspended tenant and everything below it", async () => {
    const tree = await makeSendingTree(db);
    await suspendTenant(contextFor(db, tree.aggregator.id), { id: tree.company.id, reason: "invoice overdue" });
    const [outcome] = await send(contextFor(db, tree.subaccount.id), [itemOf()]);
    expect(outcome?.error?.code).toBe("tenant_suspended");
  });

  it("gives the first outcome again for a known id, charges once, and keeps an id from another message", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const item = itemOf();
    const [first] = await send(ctx, [item]);
    const [again, fresh] = await send(ctx, [item, itemOf()]);
    expect(again).toEqual(first);
    expect(fresh?.status).toBe("queued");
    const [twice, echo] = await send(ctx, [item, item]);
    expect([twice, echo]).toEqual([first, first]);
    expect((await send(ctx, [{ ...item, text: "Another text" }]))[0]?.error?.code).toBe("message_id_taken");
    expect((await send(contextFor(db, tree.sibling.id), [item]))[0]?.error?.code).toBe("message_id_taken");
    expect(await messageCount(tree.subaccount.id)).toBe(2);
    expect((await prove(contextFor(db, tree.aggregator.id))).isClean).toBe(true);
  });

  it("accepts one id once, however many send it at the same moment", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const item = itemOf();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(ctx, [item])));
    expect(new Set(answers.map(([outcome]) => outcome?.status))).toEqual(new Set(["queued"]));
    expect(await messageCount(tree.subaccount.id)).toBe(1);
    expect((await prove(contextFor(db, tree.aggregator.id))).isClean).toBe(true);
  });

  it("prices a dry run exactly as the charge that follows, and writes nothing", async () => {
    const tree = await makeSendingTree(db);
    await sellOrder(db, {
      seller: tree.partner,
      buyer: tree.subaccount,
      prices: 5n,
      partsLimit: 3n,
      amountMicros: null,
      validUntil: new Date(Date.now() + 3_600_000),
    });
    const ctx = contextFor(db, tree.subaccount.id);
    const items = [
      itemOf(),
      itemOf({ text: "a".repeat(200) }),
      itemOf({ to: "junk" }),
      itemOf({ text: "b".repeat(320) }),
    ];
    const dry = await send(ctx, items, { dryRun: true });
    expect(await messageCount(tree.subaccount.id)).toBe(0);
    expect((await db.sql`select 1 from report_deltas where tenant_id = ${tree.subaccount.id}`).length).toBe(0);
    const wet = await send(ctx, items);
    expect(dry).toEqual(wet);
    expect(wet.map((o) => o.prices[0]?.unitPriceMicros)).toEqual([5n, 5n, undefined, chainPrices.subaccount]);
  });

  it("accepts exactly 100 of 1,000 parallel sends when an order above has room for 100", async () => {
    await loadTestOperators(db);
    const tree = await makeSendingTree(db);
    await db.sql`update orders set status = 'closed' where buyer_id = ${tree.company.id}`;
    await sellOrder(db, {
      seller: tree.aggregator,
      buyer: tree.company,
      prices: 3n,
      partsLimit: 100n,
      amountMicros: null,
    });
    const ctx = contextFor(db, tree.subaccount.id);
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => send(ctx, [itemOf()])));
    const statuses = answers.map(([outcome]) => outcome?.error?.code ?? outcome?.status);
    expect(statuses.filter((status) => status === "queued")).toHaveLength(100);
    expect(statuses.filter((status) => status === "temporarily_unavailable")).toHaveLength(900);
    expect(await prove(contextFor(db, tree.aggregator.id))).toMatchObject({ isClean: true, messages: 100 });
  });

  it("commits a group together, each request with its own result", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const request = (over = {}) => ({ batchId: newId(), source: "http" as const, items: [itemOf()], ...over });
    const results = await submitGroup(ctx, [
      { ctx, input: request() },
      { ctx: contextFor(db, tree.subaccount.id, "finance"), input: request() },
      { ctx, input: request({ items: [] }) },
      { ctx: contextFor(db, newId()), input: request() },
      { ctx, input: request({ dryRun: true }) },
      { ctx: contextFor(db, tree.sibling.id), input: request() },
    ]);
    expect(results.map((r) => (r.ok ? r.outcomes[0]?.status : (r.error as { code: string }).code))).toEqual([
      "queued",
      "forbidden",
      "invalid_input",
      "tenant_not_found",
      "queued",
      "queued",
    ]);
    expect(await messageCount(tree.subaccount.id)).toBe(1);
    expect(await messageCount(tree.sibling.id)).toBe(1);
  });

  it("needs the permission to send", async () => {
    const tree = await makeSendingTree(db);
    await expect(send(contextFor(db, tree.subaccount.id, "viewer"), [itemOf()])).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(send(keyContextFor(db, tree.subaccount.id, ["messages.read"]), [itemOf()])).rejects.toMatchObject({
      code: "forbidden",
    });
    expect((await send(keyContextFor(db, tree.subaccount.id, ["messages.send"]), [itemOf()]))[0]?.status).toBe(
      "queued",
    );
  });
});

describe("idempotency keys", () => {
  it("repeats the first answer, refuses another body, and counts parallel requests once", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const idempotency = { key: "k-1", bodyHash: "aa" };
    const once = () => send(ctx, [itemOf({ to: "84912345678" }), itemOf({ to: "junk" })], { idempotency });
    const first = await once();
    expect(await once()).toEqual(first);
    await expect(send(ctx, [itemOf()], { idempotency: { key: "k-1", bodyHash: "bb" } })).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    expect(await messageCount(tree.subaccount.id)).toBe(1);
    const parallel = await Promise.allSettled(
      Array.from({ length: 20 }, () => send(ctx, [itemOf()], { idempotency: { key: "k-2", bodyHash: "aa" } })),
    );
    const ids = parallel.flatMap((p) => (p.status === "fulfilled" ? [p.value[0]?.id] : []));
    expect(new Set(ids).size).toBe(1);
    for (const p of parallel)
      if (p.status === "rejected") expect(p.reason).toMatchObject({ code: "idempotency_in_progress" });
    expect(await messageCount(tree.subaccount.id)).toBe(2);
    const sibling = await send(contextFor(db, tree.sibling.id), [itemOf()], { idempotency });
    expect(sibling[0]?.id).not.toBe(first[0]?.id);
  });

  it("shares one answer between requests of one group", async () => {
    const tree = await makeSendingTree(db);
    const ctx = contextFor(db, tree.subaccount.id);
    const input = (bodyHash: string) => ({
      batchId: newId(),
      source: "http" as const,
      items: [itemOf()],
      idempotency: { key: "k", bodyHash },
    });
    const [a, b, c] = await submitGroup(ctx, [
      { ctx, input: input("x") },
      { ctx, input: input("x") },
      { ctx, input: input("y") },
    ]);
    expect(a).toEqual(b);
    expect(c).toMatchObject({ ok: false, error: { code: "idempotency_mismatch" } });
    expect(await messageCount(tree.subaccount.id)).toBe(1);
  });
});

describe("review", () => {
  it("holds the money and the queue, and opens one case a batch at the policy nearest the root", async () => {
    const tree = await makeSendingTree(db);
    await filter(tree.company.id, "lottery", "review");
    await policy(tree.partner.id, "always");
    const ctx = contextFor(db, tree.subaccount.id);
    const batchId = newId();
    const items = [itemOf(), itemOf({ text: "Win the lottery" }), itemOf({ to: "junk" })];
    const outcomes = await submitMessages(ctx, { batchId, source: "http", items });
    expect(outcomes.map((o) => o.status)).toEqual(["review", "review", "refused"]);
    expect(outcomes[0]?.prices).toHaveLength(1);
    const cases = await db.sql`select * from moderation_cases where tenant_id = ${tree.subaccount.id}`;
    expect(cases).toMatchObject([
      { subject_id: batchId, policy_tenant_id: tree.company.id, recipient_count: 2, status: "open" },
    ]);
    const queue = await db.sql`select is_held from send_queue where tenant_id = ${tree.subaccount.id}`;
    expect(queue.map((q) => q.is_held)).toEqual([true, true]);
    expect((await send(ctx, items.slice(0, 1)))[0]).toEqual(outcomes[0]);
    const reused = await submitMessages(ctx, { batchId, source: "http", items: [itemOf()] });
    expect(reused[0]?.status).toBe("review");
    expect(await db.sql`select 1 from moderation_cases where tenant_id = ${tree.subaccount.id}`).toHaveLength(2);
    expect((await prove(contextFor(db, tree.aggregator.id))).isClean).toBe(true);
  });

  it("lets only a job skip the screening", async () => {
    const tree = await makeSendingTree(db);
    await policy(tree.aggregator.id, "always");
    const job = jobContext({ db, clock: systemClock }, "campaign", tree.subaccount.id, newId());
    expect((await send(job, [itemOf()], { skipScreening: true }))[0]?.status).toBe("queued");
    expect((await send(contextFor(db, tree.subaccount.id), [itemOf()], { skipScreening: true }))[0]?.status).toBe(
      "review",
    );
  });

  it("lets a root send without hops", async () => {
    const tree = await makeSendingTree(db);
    await approvedSender(db, tree.aggregator.id, "ROOT");
    const [outcome] = await send(contextFor(db, tree.aggregator.id), [itemOf({ sender: "root" })]);
    expect(outcome).toMatchObject({ status: "queued", prices: [] });
  });
});
