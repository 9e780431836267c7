/** "Why?": every kind of id finds its message, the story tells each reader its own part, and octets come back as they were. */
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { lookUp } from "#server/domain/messages/look-up.ts";
import type { Step } from "#server/domain/messages/story-step.ts";
import { why } from "#server/domain/messages/why.ts";
import { pruneBlocks } from "#server/domain/traces/store.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { inTransaction, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { testDatabase } from "#tests/database.ts";
import { makeDeliveringTree, plainNumber, sendFrom, startCarrier, startFleet, statusesOf } from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { chainPrices } from "#tests/money.ts";
import { wireTrace } from "#workers/wire-trace.ts";

const db = await testDatabase();
afterEach(() => wireTrace.stop());

const kinds = (steps: readonly Step[] | undefined) => steps?.map(({ kind }) => kind) ?? [];
const asText = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? String(v) : v));

/** Two messages, the second one of two parts, from submit to the last receipt over a carrier that gives decimal ids. */
async function delivered() {
  const { port } = await startCarrier();
  const tree = await makeDeliveringTree(db, port);
  wireTrace.start(db, "test");
  const fleet = await startFleet(db);
  onTestFinished(() => fleet.stop());
  const numbers = [plainNumber(), plainNumber()];
  const reference = `INV ${newId().slice(-6)}/7`;
  const ids = await sendFrom(db, tree, [
    { to: numbers[0], reference },
    { to: numbers[1], text: "long ".repeat(40) },
  ]);
  await eventually(async () => expect(await statusesOf(db, ids)).toEqual({ delivered: 2 }));
  await wireTrace.flush();
  const [first = "", second = ""] = ids;
  return { tree, first, second, reference, numbers };
}

describe("why", () => {
  it("finds a message by any id in any notation, and nothing for anybody else", async () => {
    const { tree, first, reference, numbers } = await delivered();
    const above = contextFor(db, tree.aggregator.id);
    const [row] = await db.sql<{ batchId: string; carrierId: string }[]>`
      select m.batch_id as "batchId", r.carrier_id as "carrierId" from messages m join carrier_refs r on r.message_id = m.id
      where m.id = ${first}`;
    const carrierId = row?.carrierId ?? "";
    const hex = BigInt(carrierId).toString(16);
    const national = `0${numbers[0]?.slice(2)}`;
    const ways = [
      ...[first, first.toUpperCase(), first.replaceAll("-", ""), `{${first}}`, `${first}.1`, `msg_${first}_delivered`],
      ...[
        reference,
        ` ${reference} `,
        numbers[0] ?? "",
        `+${numbers[0]}`,
        national,
        `(${national.slice(0, 3)}) ${national.slice(3)}`,
      ],
      ...[carrierId, `000${carrierId}`, hex, `0x${hex.toUpperCase()}`],
    ];
    for (const id of ways) {
      expect(((await why(above, { id })).story ?? { id: `nothing by ${id}` }).id).toBe(first);
      for (const outsider of [tree.sibling, tree.stranger]) {
        expect(await why(contextFor(db, outsider.id), { id })).toEqual({ matches: [], hasMore: false, story: null });
      }
    }
    const several = await why(above, { id: row?.batchId ?? "" });
    expect(several).toMatchObject({ story: null, matches: [{ foundBy: "batch" }, { foundBy: "batch" }] });
    // The connector is the aggregator's: its ids say nothing to the sender.
    expect((await why(contextFor(db, tree.subaccount.id), { id: carrierId })).matches).toEqual([]);
  });

  it("finds what an Idempotency-Key sent, when nothing else has that name", async () => {
    const { tree, first } = await delivered();
    const key = `order ${newId()}`;
    await db.sql`insert into idempotency_keys (tenant_id, key, body_hash, answer)
      values (${tree.subaccount.id}, ${key}, 'x', ${JSON.stringify([{ id: first, status: "queued" }])}::text::jsonb)`;
    const find = (tenantId: string) => inTransaction(contextFor(db, tenantId), (ctx) => lookUp(ctx, key));
    expect((await find(tree.partner.id)).matches).toMatchObject([{ id: first, foundBy: "idempotency" }]);
    expect((await find(tree.sibling.id)).matches).toEqual([]);
  });

  it("tells the owner of the connector everything in order, with the octets of each part", async () => {
    const { tree, second } = await delivered();
    const { story } = await why(contextFor(db, tree.aggregator.id), { id: second });
    const steps = story?.steps ?? [];
    expect(kinds(steps).slice(0, 4)).toEqual(["arrived", "checked", "routed", "held"]);
    expect(steps.map(({ at }) => at.getTime())).toEqual(steps.map(({ at }) => at.getTime()).sort((a, b) => a - b));
    expect(steps.find(({ kind }) => kind === "checked")?.facts).toMatchObject({
      parts: 2,
      encoding: "gsm7",
      prefix: "8491",
    });
    expect(steps.find(({ kind }) => kind === "routed")?.routes).toMatchObject([{ verdict: "chosen" }]);
    const sent = steps.filter(({ kind }) => kind === "sent");
    expect(sent.map(({ part }) => part).sort()).toEqual([1, 2]);
    for (const { exchange } of sent) {
      expect(exchange).toMatchObject({ request: { command: "submit_sm" }, response: { status: "ESME_ROK" } });
      expect(exchange?.request.sequence).toBe(exchange?.response?.sequence);
      expect(exchange?.request.fields).toContainEqual({ name: "destination_addr", value: story?.msisdn });
    }
    const receipts = steps.filter(({ kind }) => kind === "receipt");
    expect(receipts).toHaveLength(2);
    for (const { exchange } of receipts) expect(exchange?.request.command).toBe("deliver_sm");
    const held = steps.find(({ kind }) => kind === "held")?.money;
    expect(held?.map(({ hop }) => hop)).toEqual([0, 1, 2]);
    expect(kinds(steps)).toContain("posted");
  });

  it("tells the sender its own money and nothing of the carrier", async () => {
    const { tree, first } = await delivered();
    const { story } = await why(contextFor(db, tree.subaccount.id), { id: first });
    expect(kinds(story?.steps)).toEqual(
      expect.arrayContaining(["arrived", "checked", "routed", "held", "response", "receipt"]),
    );
    expect(kinds(story?.steps)).not.toContain("sent");
    expect(story?.steps.find(({ kind }) => kind === "held")?.money).toMatchObject([
      { hop: 0, totalMicros: chainPrices.subaccount },
    ]);
    const text = asText(story);
    for (const secret of [tree.connector.id, tree.connector.name, tree.aggregator.name, tree.company.name]) {
      expect(text).not.toContain(`"${secret}"`);
    }
    expect(story?.steps.filter(({ exchange }) => exchange)).toEqual([]);
  });

  it("stays when the octets are gone", async () => {
    const { tree, first } = await delivered();
    const job = jobContext({ db, clock: systemClock }, "prune", nilId, newId());
    expect(await pruneBlocks(job, -60_000)).toBeGreaterThan(0);
    const { story } = await why(contextFor(db, tree.aggregator.id), { id: first });
    expect(story?.hasOctets).toBe(false);
    expect(kinds(story?.steps)).toEqual(expect.arrayContaining(["arrived", "response", "receipt", "posted"]));
    await expect(pruneBlocks(contextFor(db, tree.aggregator.id), 0)).rejects.toMatchObject({ code: "forbidden" });
  });
});
