/** Asking a partner for receipts: as often as described, until it says something final, and no longer. */
import { describe, expect, it } from "vitest";
import { endPolls, startPolls } from "#server/domain/delivery/receipt-polls.ts";
import type { HttpDescriptionInput } from "#server/domain/routing/http-description.ts";
import { asSystem } from "#server/kernel/context.ts";
import { Partner, type PartnerScript, takesAll } from "#tests/carriers/partner.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  expectCleanLedger,
  plainNumber,
  sendFrom,
  startFleet,
  statusesOf,
  workerContext,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { makePartnerTree } from "#tests/partners.ts";

const db = await testDatabase(10);
const numbers = (count: number) => Array.from({ length: count }, () => ({ to: plainNumber() }));
const become = becomingIn(db);
/** The first question comes now instead of in some seconds. */
const hurry = () => db.sql`update receipt_polls set next_at = now() - interval '1 second'`;
const pollsOf = async (ids: string[]) =>
  (await db.sql`select attempts from receipt_polls where message_id = any(${ids}::uuid[])`).map((row) => row.attempts);

type Poll = Extract<HttpDescriptionInput["receipts"], { kind: "poll" }>;
const asking = (url: string, change: Partial<Poll> = {}): Poll => ({
  kind: "poll",
  method: "GET",
  url: `${url}/state/{carrier_id}?ours={id}`,
  status: { from: "json", path: "/state" },
  error: { from: "json", path: "/error" },
  everySeconds: 5,
  attempts: 3,
  ...change,
});

/** Takes messages, and answers questions with what `state` says of the partner's id. */
const answering =
  (state: (id: string) => unknown, sends: PartnerScript = takesAll): PartnerScript =>
  (exchange, partner) => {
    const id = /^\/state\/([^?]*)/.exec(exchange.path)?.[1];
    if (id === undefined) return sends(exchange, partner);
    const said = state(decodeURIComponent(id));
    if (said === undefined) exchange.cut();
    else exchange.answer(said === null ? 404 : 200, said ?? {});
  };

describe("asking for receipts", () => {
  it("settles each message by the partner's word, and asks no more", async () => {
    const partner = await Partner.start();
    const states = ["DELIVRD", "UNDELIV", "expired", "rejected"];
    let asked = 0;
    partner.script = answering(() => ({ state: states[asked++ % 4], error: "27" }));
    const tree = await makePartnerTree(db, partner, { receipts: asking(partner.url) });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(40));
    await become(ids, { sent: 40 });
    expect(await pollsOf(ids)).toEqual(Array(40).fill(0));
    await hurry();
    await become(ids, { delivered: 10, undelivered: 20, expired: 10 });
    await eventually(async () => expect(await pollsOf(ids)).toEqual([]));
    const questions = partner.asked.filter(({ path }) => path.startsWith("/state/"));
    expect(questions).toHaveLength(40);
    expect(questions[0]?.headers.authorization).toBe("Bearer s3cret-key");
    await expectCleanLedger(db, tree);
  });

  it("goes on while the partner says nothing final, is away or hostile, as often as described", async () => {
    const partner = await Partner.start();
    const says = new Map<string, unknown[]>();
    const answers = [{ state: "QUEUED" }, null, { state: { x: 1 } }, undefined, "<html>", { state: "?" }];
    partner.script = answering((id) => {
      const said = says.get(id) ?? [];
      says.set(id, [...said, answers[(said.length + says.size) % answers.length]]);
      return answers[(said.length + says.size) % answers.length];
    });
    const tree = await makePartnerTree(db, partner, {
      receipts: asking(partner.url, { everySeconds: 600, attempts: 3 }),
    });
    await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(12));
    await become(ids, { sent: 12 });
    for (const attempts of [1, 2]) {
      await hurry();
      await eventually(async () => expect(await pollsOf(ids)).toEqual(Array(12).fill(attempts)));
    }
    const [row] = await db.sql`select min(next_at) > now() + interval '600 seconds' as later from receipt_polls`;
    expect(row?.later).toBe(true);
    await hurry();
    await eventually(async () => expect(await pollsOf(ids)).toEqual([]));
    expect([...says.values()].map((said) => said.length)).toEqual(Array(12).fill(3));
    expect(await statusesOf(db, ids)).toEqual({ sent: 12 });
    await expectCleanLedger(db, tree);
  });

  it("by our id also settles what was lost on the way", async () => {
    const partner = await Partner.start();
    partner.script = answering(
      () => ({ state: "delivered" }),
      ({ json, cut }, self) => {
        self.take(json.id ?? "");
        cut();
      },
    );
    const byOwn = asking(partner.url, { idIs: "ours", url: `${partner.url}/state/{id}` });
    const tree = await makePartnerTree(db, partner, { receipts: byOwn }, { windowSize: 5 });
    await startFleet(db);
    const ids = await sendFrom(db, tree, [...numbers(2), { to: plainNumber(), text: "x".repeat(400) }]);
    await become(ids, { unknown: 3 });
    await hurry();
    await become(ids, { delivered: 3 });
    expect(await db.sql`select * from send_queue where message_id = any(${ids}::uuid[])`).toHaveLength(0);
    await expectCleanLedger(db, tree);
  });

  it("survives a worker: the questions wait in the database, and end with their connector's wish for them", async () => {
    const partner = await Partner.start();
    partner.script = answering(() => ({ state: "DELIVRD" }));
    const tree = await makePartnerTree(db, partner, { receipts: asking(partner.url) });
    const first = await startFleet(db);
    const ids = await sendFrom(db, tree, numbers(5));
    await become(ids, { sent: 5 });
    await first.stop();
    await hurry();
    expect(await pollsOf(ids)).toHaveLength(5);
    await startFleet(db);
    await become(ids, { delivered: 5 });
    const { connectorId } = tree;
    const ctx = workerContext(db);
    const results = ids.map((messageId) => ({
      messageId,
      parts: [{ partNumber: 1, kind: "accepted" as const, carrierId: "x" }],
      at: new Date(),
      leasedAt: new Date(),
    }));
    const polling = { everySeconds: 3_600, attempts: 2, byOwnId: false };
    await asSystem(ctx, (ctx) => startPolls(ctx, connectorId, polling, results));
    expect(await pollsOf(ids)).toHaveLength(5);
    await endPolls(ctx, { connectorId });
    expect(await pollsOf(ids)).toEqual([]);
  });
});
