/** Long messages over each concatenation, TLVs and priorities, through a worker to a carrier and back by receipts. */
import { expect, it } from "vitest";
import { receiptFor, ScriptedCarrier, wellMannered } from "#tests/carriers/scripted.ts";
import { testDatabase } from "#tests/database.ts";
import {
  becomingIn,
  expectCleanLedger,
  makeDeliveringTree,
  plainNumber,
  sendFrom,
  startCarrier,
  startFleet,
} from "#tests/delivering.ts";

const db = await testDatabase(10);

const become = becomingIn(db);
const long = "Chào bạn, đơn hàng của bạn đang trên đường đến. ".repeat(4);
const plain = "Long {text} with €. ".repeat(20);

it.each([
  ["udh8", 1],
  ["udh16", 1],
  ["sar", 1],
  ["payload", 0],
] as const)("arrives by %s, charged as priced", async (concatenation, firstPart) => {
  const { smsc, port } = await startCarrier();
  const tree = await makeDeliveringTree(db, port, { concatenation });
  await startFleet(db);
  const items = [long, plain, "Short."].map((text) => ({ to: plainNumber(), text }));
  const ids = await sendFrom(db, tree, items);
  await become(ids, { delivered: 3 });
  for (const { to, text } of items) {
    const parts = smsc.memory.of(to).parts.sort((a, b) => a.part - b.part);
    expect(parts.map((part) => part.text).join("")).toBe(text);
  }
  const [first] = await db.sql`
    select min(part_number)::int as number from carrier_refs where message_id = any(${ids.slice(0, 2)}::uuid[])`;
  expect(first?.number).toBe(firstPart);
  expect(await db.sql`select * from send_queue`).toHaveLength(0);
  await expectCleanLedger(db, tree);
});

it("settles a long message in one PDU whose answer was lost, by its reference and by its number alone", async () => {
  for (const echoesReference of [true, false]) {
    const { smsc, port } = await startCarrier({ cutEvery: 1, receiptDelayMs: 1_000, echoesReference });
    const tree = await makeDeliveringTree(db, port, { concatenation: "payload" });
    const fleet = await startFleet(db);
    const ids = await sendFrom(db, tree, [{ to: plainNumber(), text: plain }]);
    await become(ids, { unknown: 1 });
    smsc.settings = { ...smsc.settings, cutEvery: 0 };
    await become(ids, { delivered: 1 });
    expect(smsc.memory.stats.accepted).toBe(1);
    await expectCleanLedger(db, tree);
    await fleet.stop();
  }
});

it("sends on what a client's bind asked for: ports and named tags, with the class's priority and the validity", async () => {
  const { carrier, port } = await ScriptedCarrier.start(
    wellMannered((pdu, wire) => {
      wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: `m${pdu.sequence_number}` });
      wire.send("deliver_sm", 0, 900 + pdu.sequence_number, receiptFor(pdu, `m${pdu.sequence_number}`));
    }),
  );
  const tree = await makeDeliveringTree(db, port, { passedTlvs: ["destination_port", "0x1400"], otpPriority: 3 });
  const ids = await sendFrom(db, tree, [
    { to: plainNumber(), class: "otp" },
    { to: plainNumber(), class: "bulk" },
  ]);
  const wire = { tlvs: { destination_port: 16_000, source_port: 1, "0x1400": "beef" } };
  await db.sql`update messages set wire = ${db.sql.json(wire)} where id = ${ids[1] ?? ""}`;
  await startFleet(db);
  await become(ids, { delivered: 2 });
  const [code, bulk] = carrier.seen.filter((pdu) => pdu.command === "submit_sm");
  expect([code?.priority_flag, bulk?.priority_flag]).toEqual([3, 0]);
  expect(code?.validity_period).toMatch(/^0000\d{9}000R$|^0000\d{8}000R$/);
  expect(code).not.toHaveProperty("dest_port");
  expect(bulk).toMatchObject({ dest_port: 16_000, [String(0x1400)]: Buffer.from("beef", "hex") });
  expect(bulk).not.toHaveProperty("source_port");
});
