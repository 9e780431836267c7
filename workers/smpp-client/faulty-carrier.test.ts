/** Carriers that break the protocol, over real TCP: no message is lost, no session stays deaf, the money agrees. */
import { describe, expect, it } from "vitest";
import { receiptFor, type Script, ScriptedCarrier, wellMannered } from "#tests/carriers/scripted.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";

const db = await testDatabase(10);

const become = becomingIn(db);

async function run(script: Script, count = 3, change: Parameters<typeof makeDeliveringTree>[2] = {}) {
  const { carrier, port } = await ScriptedCarrier.start(script);
  const tree = await makeDeliveringTree(db, port, change);
  await startFleet(db);
  const ids = await sendFrom(
    db,
    tree,
    Array.from({ length: count }, () => ({ to: plainNumber() })),
  );
  return { carrier, tree, ids };
}

const number = (pdu: { sequence_number: number }) => String(pdu.sequence_number);

describe("a carrier", () => {
  it("that sends malformed PDUs between good ones is nacked, and goes on being heard", async () => {
    const { carrier, tree, ids } = await run(
      wellMannered((pdu, wire) => {
        // A deliver_sm whose body is cut, a command that nobody knows, an answer to nothing, the same answer twice.
        wire.raw(Buffer.from("00000014000000050000000000000063ffffffff", "hex"));
        wire.raw(Buffer.from("00000010000099990000000000000064", "hex"));
        wire.raw(Buffer.from("0000001080000004000000007ffffff0", "hex"));
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: number(pdu) });
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: "again" });
        wire.send("deliver_sm", 0, 900 + pdu.sequence_number, receiptFor(pdu, number(pdu)));
      }),
    );
    await become(ids, { delivered: 3 });
    expect(carrier.connections).toBe(1);
    const nacks = carrier.seen.filter((pdu) => pdu.command === "generic_nack");
    expect(nacks.map((pdu) => pdu.command_status).sort()).toEqual([2, 2, 2, 3, 3, 3]);
    await expectCleanLedger(db, tree);
  });

  it("whose stream loses its step is left and bound again", async () => {
    let isFirst = true;
    const { carrier, tree, ids } = await run(
      wellMannered((pdu, wire) => {
        if (isFirst) {
          isFirst = false;
          wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: "first" });
          wire.raw(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
          return;
        }
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: number(pdu) });
        wire.send("deliver_sm", 0, 900 + pdu.sequence_number, receiptFor(pdu, number(pdu)));
      }),
      1,
    );
    await become(ids, { sent: 1 });
    const [more] = await sendFrom(db, tree, [{ to: plainNumber() }]);
    await become([more ?? ""], { delivered: 1 });
    expect(carrier.connections).toBe(2);
    await expectCleanLedger(db, tree);
  });

  it("that gives every message the same id never delivers one message for another", async () => {
    const submits: Parameters<Script>[0][] = [];
    const { tree, ids } = await run(
      wellMannered((pdu, wire) => {
        submits.push(pdu);
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: "0" });
        if (submits.length === 3) wire.send("deliver_sm", 0, 901, receiptFor(submits[1] ?? pdu, "0"));
      }),
    );
    await become(ids, { sent: 2, delivered: 1 });
    const [row] = await db.sql`select msisdn from messages where id = any(${ids}::uuid[]) and status = 'delivered'`;
    expect(row?.msisdn).toBe(submits[1]?.destination_addr);
    await expectCleanLedger(db, tree);
  });

  it("that writes ids in other notations is understood: hex, decimal, padded, in capitals", async () => {
    const notations = [
      (n: number) => [n.toString(16).toUpperCase(), String(n)],
      (n: number) => [String(n), n.toString(16).padStart(16, "0")],
      (n: number) => [`00000${n}`, String(n)],
      (n: number) => [`ab-${n}-cd`, `AB-${n}-CD`],
    ];
    let turn = 0;
    const { ids, tree } = await run(
      wellMannered((pdu, wire) => {
        const id = 171_000_000 + turn;
        const [answered = "", receipted = ""] = notations[turn % 4]?.(id) ?? [];
        turn += 1;
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: answered });
        wire.send("deliver_sm", 0, 900 + turn, receiptFor(pdu, receipted));
      }),
      8,
    );
    await become(ids, { delivered: 8 });
    await expectCleanLedger(db, tree);
  });

  it("that sends receipts of nobody's messages has them parked, none guessed", async () => {
    const { carrier, ids } = await run(
      wellMannered((pdu, wire) => {
        wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: number(pdu) });
        wire.send("deliver_sm", 0, 900 + pdu.sequence_number, receiptFor(pdu, `stranger-${number(pdu)}`));
        wire.send("deliver_sm", 0, 800 + pdu.sequence_number, { esm_class: 4, short_message: Buffer.from("nonsense") });
      }),
    );
    await eventually(() => expect(carrier.count("deliver_sm_resp")).toBe(6));
    await become(ids, { sent: 3 });
    const parked = await db.sql`select carrier_id from parked_receipts where carrier_id like 'stranger-%'`;
    expect(parked).toHaveLength(3);
  });

  it("that answers after the deadline, or with a body nobody can read, leaves the truth: late answers count", async () => {
    const { tree, ids } = await run(
      wellMannered((pdu, wire) => {
        if (pdu.sequence_number % 2 === 0) {
          setTimeout(() => wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: number(pdu) }), 900);
          return;
        }
        const torn = Buffer.from("000000148000000400000000000000006100ffff", "hex");
        torn.writeUInt32BE(pdu.sequence_number, 12);
        wire.raw(torn);
      }),
      4,
      { responseTimeoutMs: 500 },
    );
    await eventually(async () => expect((await statusesOf(db, ids)).unknown).toBeGreaterThan(0));
    await eventually(async () => {
      const { sent = 0, unknown = 0 } = await statusesOf(db, ids);
      expect(sent).toBeGreaterThan(0);
      expect(sent + unknown).toBe(4);
    });
    await expectCleanLedger(db, tree);
  });

  it("that refuses one part of a long message fails it as a whole, and one that throttles a part gets only that part again", async () => {
    let throttles = 1;
    const { carrier, tree } = await run(
      wellMannered((pdu, wire) => {
        const part = pdu.short_message?.[5];
        if (pdu.destination_addr?.endsWith("77") && part === 2) wire.send("submit_sm_resp", 0x0b, pdu.sequence_number);
        else if (part === 2 && throttles-- > 0) wire.send("submit_sm_resp", 0x58, pdu.sequence_number);
        else wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: `m${number(pdu)}` });
      }),
      1,
    );
    const text = "Three parts of plain text, one after the other, until it is long enough. ".repeat(5);
    const [throttled = "", refused = ""] = await sendFrom(db, tree, [
      { to: plainNumber(), text },
      { to: plainNumber("0077"), text },
    ]);
    await become([throttled], { sent: 1 });
    await become([refused], { failed: 1 });
    const [{ msisdn = "" } = {}] = await db.sql<
      { msisdn: string }[]
    >`select msisdn from messages where id = ${throttled}`;
    const parts = carrier.seen.filter((pdu) => pdu.destination_addr === msisdn).map((pdu) => pdu.short_message?.[5]);
    expect(parts.sort()).toEqual([1, 2, 2, 3]);
    await expectCleanLedger(db, tree);
  });

  it("that is connected but dead is found within two intervals and bound again", async () => {
    let isDead = true;
    const { carrier } = await run(
      (pdu, wire, self) => {
        if (pdu.command === "enquire_link" && isDead) {
          isDead = false;
          return;
        }
        wellMannered(() => {})(pdu, wire, self);
      },
      1,
      { enquireLinkMs: 300, responseTimeoutMs: 300, windowSize: 50 },
    );
    await eventually(() => expect(carrier.connections).toBeGreaterThan(1));
  });
});
