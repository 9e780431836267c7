/** Claims on a real queue: contracts, lanes and turns, with a hundred thousand rows waiting. */
import { beforeAll, describe, expect, it } from "vitest";
import { claim } from "#server/domain/delivery/claim.ts";
import { ContractBook, type ContractTerms } from "#server/domain/throughput/book.ts";
import { Shares } from "#server/domain/throughput/shares.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeTree, type Tree } from "#tests/factories.ts";
import { makeConnector } from "#tests/sending.ts";

const db = await testDatabase();
const owner = newId();
let tree: Tree;
beforeAll(async () => {
  tree = await makeTree(db);
});

const classes = ["otp", "transactional", "bulk"];
const term = (tenantId: string, over: Partial<ContractTerms>): ContractTerms => ({
  tenantId,
  reservedPerSecond: 0,
  maxPerSecond: null,
  weight: 1,
  part: 1,
  ...over,
});

/** A connector with its lease, and claims from it at moments of a clock that the test moves. */
async function scene(terms: ContractTerms[] = []) {
  const connectorId = (await makeConnector(db, tree.aggregator.id)).id;
  await db.sql`insert into connector_leases (connector_id, owner, expires_at)
    values (${connectorId}, ${owner}, now() + interval '1 hour')`;
  // Ahead of what is filled in meanwhile.
  const startMs = Date.now() + 60_000;
  let nowMs = startMs;
  const book = new ContractBook();
  book.apply(terms, startMs);
  const shares = new Shares(book);
  const ctx = jobContext({ db, clock: { now: () => new Date(nowMs) } }, "worker", nilId, newId());
  /** @returns how many of each "lane tenant" */
  const take = async (limit: number, afterMs = 0) => {
    nowMs += afterMs;
    const taken = await claim(ctx, { connectorId, owner, limit, shares });
    const rows = await db.sql<{ key: string; n: number }[]>`
      select lane || ' ' || t.name as key, count(*)::int as n from send_queue q join tenants t on t.id = q.tenant_id
      where message_id = any (${taken.map((message) => message.id)}::uuid[]) group by 1`;
    return Object.fromEntries(rows.map(({ key, n }) => [key, n]));
  };
  return { connectorId, shares, take };
}

/** Messages that wait, with as little around them as a claim reads. */
async function fill(connectorId: string, tenantId: string, lane: number, count: number, readyInMs = 0): Promise<void> {
  await db.sql`
    with made as (
      select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7'
        || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text || n), 1, 15))::uuid as id
      from generate_series(1, ${count}) as n
    ), written as (
      insert into messages (id, tenant_id, batch_id, sender_id, sender, msisdn, text, traffic_class, encoding, parts,
        operator_id, connector_id, rate_id, status, charge_stage, source, valid_until)
      select id, ${tenantId}, ${nilId}, ${nilId}, 'ACME', '84910000055', 'Hi', ${classes[lane] ?? ""}, 'gsm7', 1,
        'vn-vinaphone', ${connectorId}, ${nilId}, 'queued', 1, 'http', now() + interval '1 day' from made
      returning id
    )
    insert into send_queue (message_id, connector_id, lane, tenant_id, ready_at, valid_until)
    select id, ${connectorId}, ${lane}, ${tenantId}, now() + ${readyInMs} * interval '1 millisecond',
      now() + interval '1 day' from written`;
}

describe("a claim", () => {
  it("has the one-time code that has just come, with 100,000 messages of a campaign waiting", async () => {
    const { connectorId, take } = await scene();
    expect(await take(50)).toEqual({});
    await fill(connectorId, tree.subaccount.id, 2, 100_000);
    expect(await take(50)).toEqual({ "2 Sub-account": 50 });
    await fill(connectorId, tree.sibling.id, 0, 1);
    await fill(connectorId, tree.subaccount.id, 0, 1);
    expect(await take(50)).toEqual({ "0 Sibling": 1, "0 Sub-account": 1, "2 Sub-account": 48 });
  });

  it("serves reservations before the rest, transactional before bulk, and the rest by weight", async () => {
    const { connectorId, take } = await scene([
      term(tree.subaccount.id, { reservedPerSecond: 40 }),
      term(tree.sibling.id, { weight: 3 }),
    ]);
    await fill(connectorId, tree.subaccount.id, 2, 500);
    await fill(connectorId, tree.sibling.id, 1, 30);
    await fill(connectorId, tree.company.id, 1, 20);
    // What was saved up before the first claim.
    expect(await take(41)).toEqual({ "2 Sub-account": 41 });
    expect(await take(52, 500)).toEqual({ "2 Sub-account": 20, "1 Sibling": 24, "1 Company": 8 });
    expect(await take(50, 100)).toEqual({ "2 Sub-account": 32, "1 Sibling": 6, "1 Company": 12 });
  });

  it("takes no more than contracts allow, of the tenants below one together, and says when to come again", async () => {
    const { connectorId, take, shares } = await scene([term(tree.company.id, { maxPerSecond: 100 })]);
    await fill(connectorId, tree.subaccount.id, 1, 300);
    await fill(connectorId, tree.sibling.id, 2, 300);
    expect(await take(1_000)).toEqual({ "1 Sub-account": 101 });
    expect(await take(1_000)).toEqual({});
    expect(shares.heldForMs).toBe(10);
    expect(await take(1_000, 500)).toEqual({ "1 Sub-account": 50 });
    await fill(connectorId, tree.aggregator.id, 2, 30);
    expect(await take(1_000, 1_000)).toEqual({ "1 Sub-account": 100, "2 Aggregator": 30 });
    expect(await take(1_000, 1_000)).toEqual({ "1 Sub-account": 49, "2 Sibling": 51 });
  });

  it("finds in one claim all that many have, some little and some much", async () => {
    const { connectorId, take } = await scene();
    for (const { id } of [tree.company, tree.partner, tree.sibling]) await fill(connectorId, id, 1, 12);
    await fill(connectorId, tree.subaccount.id, 1, 400);
    await fill(connectorId, tree.aggregator.id, 2, 9);
    const all = { "1 Company": 12, "1 Partner": 12, "1 Sibling": 12, "1 Sub-account": 55, "2 Aggregator": 9 };
    expect(await take(91)).toEqual({ ...all, "2 Aggregator": undefined });
    expect(await take(400)).toEqual({ "1 Sub-account": 345, "2 Aggregator": 9 });
  });

  it("neither takes nor looks at what is not to go yet, and leaves out who is suspended", async () => {
    const { connectorId, take } = await scene();
    await fill(connectorId, tree.sibling.id, 1, 20_000, 3_600_000);
    await fill(connectorId, tree.sibling.id, 1, 1);
    await fill(connectorId, tree.partner.id, 1, 1);
    await db.sql`analyze send_queue`;
    await db.sql`update tenants set status = 'suspended' where id = ${tree.partner.id}`;
    await fill(connectorId, tree.subaccount.id, 0, 1);
    const before = await rowsRead();
    expect(await take(100)).toEqual({ "1 Sibling": 1 });
    expect((await rowsRead()) - before).toBeLessThan(1_000);
    await db.sql`update tenants set status = 'active' where id = ${tree.partner.id}`;
    expect(await take(100)).toEqual({ "0 Sub-account": 1, "1 Partner": 1 });
  });
});

/** Index entries and rows of the queue that anybody has read so far. */
async function rowsRead(): Promise<number> {
  await db.sql`select pg_stat_force_next_flush()`;
  const [row] = await db.sql<{ n: bigint }[]>`
    select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) as n from pg_stat_user_tables where relname = 'send_queue'`;
  return Number(row?.n ?? 0);
}
