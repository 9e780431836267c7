/**
 * 1,000 texts, in by SMPP and by HTTP in every form, out over carriers with every kind of concatenation: each arrives as
 * it was written, in as many parts as were quoted and charged. Read by tables and rules that are not ours.
 */
import fc from "fast-check";
import smpp from "smpp";
import { SegmentedMessage } from "sms-segments-calculator";
import { expect, it } from "vitest";
import { gsm7Basic, gsm7Extension } from "#server/domain/messages/gsm7.ts";
import { maxParts, segmentText } from "#server/domain/messages/segment.ts";
import { bind, idOf, makeAccount, startServer } from "#tests/binding.ts";
import { receiptFor, ScriptedCarrier, wellMannered } from "#tests/carriers/scripted.ts";
import { testDatabase } from "#tests/database.ts";
import {
  expectCleanLedger,
  makeDeliveringTree,
  makeMoreConnectors,
  startFleet,
  statusesOf,
} from "#tests/delivering.ts";
import { makeKey, openEdges } from "#tests/edges.ts";
import type { TestEsme } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { type Alphabet, longKinds, submitsOf } from "#tests/long-submits.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";

const db = await testDatabase(12);
const count = 1_000;
const seed = 20_261_122;

const gsm = [...gsm7Basic, ...gsm7Extension.keys()].filter((char) => char !== "\u001b");
const alphabets = [
  gsm,
  [...gsm, ..."{}[]€"],
  Array.from({ length: 95 }, (_, n) => String.fromCharCode(0xa0 + n)).concat([..."plain words"]),
  [..."Trân trọng cảm ơn quý khách đã sử dụng dịch vụ; ẤẦẨẪẬ ăắằẳẵặ"],
  ["🌳", "👩‍👧", "é", "中", "Я", "ะ", "ñ", " ", "x"],
];
/** Around where a text takes one part more, and anywhere. */
const lengths = fc.oneof(
  fc.integer({ min: 1, max: 500 }),
  fc.constantFrom(69, 70, 71, 133, 134, 135, 159, 160, 161, 201, 202, 305, 306, 307, 459, 460),
);
const textOf = fc
  .tuple(fc.constantFrom(...alphabets), lengths)
  .chain(([units, length]) =>
    fc.array(fc.constantFrom(...units), { minLength: length, maxLength: length }).map((chars) => chars.join("")),
  )
  .filter((text) => text.trim() !== "" && segmentText(text).parts <= maxParts);

const operators = ["vn-viettel", "vn-mobifone", "vn-vinaphone", "vn-vietnamobile"] as const;
const prefixes = ["8498", "8490", "8491", "8492"] as const;

const wishOf = fc.record({
  text: textOf,
  out: fc.nat(3),
  way: fc.constantFrom("http", "list", ...longKinds),
  alphabet: fc.constantFrom<Alphabet>("narrowest", "narrowest", "ucs2", "latin1"),
  octets: fc.constantFrom(0, 0, 67, 101, 120),
  shift: fc.nat(9),
});
type Wish = ReturnType<typeof made>;
const made = (wish: typeof wishOf extends fc.Arbitrary<infer T> ? T : never, n: number) => ({
  ...wish,
  to: `${prefixes[wish.out]}${1_000_000 + n}`,
});

const isLatin1 = (text: string): boolean => /^[\0-\u00ff]*$/.test(text);
/** What an operator's handset shows of one PDU, by the package's tables. */
const shown = (bytes: Buffer, coding: number): string =>
  coding === 8 ? Buffer.from(bytes).swap16().toString("utf16le") : smpp.encodings.ASCII.decode(bytes);

type Piece = { reference: number; total: number; number: number; text: string };

/** By the rules of 3GPP TS 23.040 section 9.2.3.24 and SMPP 3.4 section 5.3.2.22, read anew. */
function pieceOf(pdu: Pdu): Piece {
  const body = pdu.short_message?.length ? pdu.short_message : (pdu.message_payload ?? Buffer.alloc(0));
  const coding = pdu.data_coding ?? 0;
  if (((pdu.esm_class ?? 0) & 0x40) === 0) {
    const { sar_msg_ref_num: reference = 0, sar_total_segments: total = 1, sar_segment_seqnum: number = 1 } = pdu;
    return { reference, total, number, text: shown(body, coding) };
  }
  const [length = 0, element, size] = body;
  const is16 = element === 8;
  expect([length, element, size]).toEqual(is16 ? [6, 8, 4] : [5, 0, 3]);
  const reference = is16 ? body.readUInt16BE(3) : body.readUInt8(3);
  const [total = 0, number = 0] = body.subarray(is16 ? 5 : 4);
  // A handset has 140 octets for header and text; septets are packed on the way.
  const octets = coding === 8 ? body.length : 1 + length + Math.ceil(((body.length - 1 - length) * 7) / 8);
  expect(octets).toBeLessThanOrEqual(140);
  return { reference, total, number, text: shown(body.subarray(1 + length), coding) };
}

function joined(pdus: readonly Pdu[]): string {
  const pieces = pdus.map(pieceOf).sort((a, b) => a.number - b.number);
  expect(pieces.map(({ number }) => number)).toEqual(pieces.map((_, index) => index + 1));
  expect(new Set(pieces.map(({ reference, total }) => `${reference} ${total}`))).toEqual(
    new Set([`${pieces[0]?.reference} ${pieces.length}`]),
  );
  return pieces.map(({ text }) => text).join("");
}

async function sendBySmpp(esme: TestEsme, { text, way, to, alphabet, octets, shift }: Wish): Promise<string> {
  const kind = longKinds.find((one) => one === way) ?? "udh8";
  const fits = alphabet !== "latin1" || isLatin1(text);
  const cuts = [octets, 0].map((size) => submitsOf(text, kind, size, to, fits ? alphabet : "narrowest"));
  // A message has at most 20 pieces; what would have more in this alphabet goes in a narrower one.
  const all = cuts.find((submits) => submits.length <= 20) ?? submitsOf(text, kind, 0, to);
  const rotated = all.map((_, index) => all[(index + shift) % all.length] ?? {});
  const ids = await Promise.all(rotated.map(async (fields) => idOf(await esme.request("submit_sm", fields))));
  return (ids[0] ?? "").split(".")[0] ?? "";
}

type Said = { messages: { id: string; to: string; status: string; parts: number; prices?: { parts: number }[] }[] };

it("arrive as they were written, in as many parts as were quoted and charged", async () => {
  const { carrier, port } = await ScriptedCarrier.start(
    wellMannered((pdu, wire) => {
      const id = `${pdu.destination_addr}-${pdu.sequence_number}`;
      wire.send("submit_sm_resp", 0, pdu.sequence_number, { message_id: id });
      wire.send("deliver_sm", 0, 1_000_000 + pdu.sequence_number, receiptFor(pdu, id));
    }),
  );
  const tree = await makeDeliveringTree(db, port, { concatenation: longKinds[0] });
  await makeMoreConnectors(db, tree.connector, [port, port, port]);
  const connectors = await db.sql<{ id: string }[]>`
    select id from connectors where status = 'enabled' and tenant_id = ${tree.aggregator.id} order by id`;
  for (const [n, { id }] of connectors.entries()) {
    await db.sql`update connectors set concatenation = ${longKinds[n] ?? ""} where id = ${id}`;
    await db.sql`update routes set operator_id = ${operators[n] ?? ""} where connector_id = ${id}`;
  }
  await startFleet(db);
  const account = await makeAccount(db, tree.subaccount.id, { windowSize: 1_000 });
  const esme = await bind((await startServer(db)).port, account);
  const edges = await openEdges(db);
  const key = await makeKey(db, tree.subaccount.id, ["messages.send"]);
  const post = async (body: object, query = ""): Promise<Said> => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const url = `${edges.address}/api/v1/messages${query}`;
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as Said;
  };

  const wishes = fc.sample(wishOf, { seed, numRuns: count }).map(made);
  const asItem = ({ text, to }: Wish) => ({ sender: "ACME", to, text });
  const quoted = await post({ messages: wishes.map(asItem) }, "?dry_run=true");
  const single = wishes.filter(({ way }) => way === "http");
  const listed = wishes.filter(({ way }) => way === "list");
  const bound = wishes.filter(({ way }) => way !== "http" && way !== "list");
  const ids = new Map<string, string>();
  for (let from = 0; from < bound.length; from += 50) {
    const some = bound.slice(from, from + 50);
    for (const [n, id] of (await Promise.all(some.map((wish) => sendBySmpp(esme, wish)))).entries()) {
      ids.set(some[n]?.to ?? "", id);
    }
  }
  for (let from = 0; from < single.length; from += 50) {
    const answers = await Promise.all(single.slice(from, from + 50).map((wish) => post(asItem(wish))));
    for (const { to, id } of answers.flatMap(({ messages }) => messages)) ids.set(to, id);
  }
  for (const { to, id } of (await post({ messages: listed.map(asItem) })).messages) ids.set(to, id);
  await edges.close();
  const all = [...ids.values()];
  expect(all).toHaveLength(count);
  await eventually(async () => expect(await statusesOf(db, all)).toEqual({ delivered: count }), 200);

  const rows = await db.sql<{ msisdn: string; text: string; parts: number }[]>`
    select msisdn, text, parts from messages where id = any(${all}::uuid[])`;
  const stored = new Map(rows.map((row) => [row.msisdn, row]));
  const arrived = new Map<string, Pdu[]>();
  for (const pdu of carrier.seen.filter(({ command }) => command === "submit_sm")) {
    const to = pdu.destination_addr ?? "";
    arrived.set(to, [...(arrived.get(to) ?? []), pdu]);
  }
  for (const [n, { text, to, out, way }] of wishes.entries()) {
    const pdus = arrived.get(to) ?? [];
    const quote = quoted.messages[n];
    // Their rule keeps joined pictures together, ours fills every part.
    const isJoined = text.includes("\u200d");
    const parts = isJoined ? (quote?.parts ?? 0) : new SegmentedMessage(text, "auto").segmentsCount;
    const sent = longKinds[out] === "payload" ? parts : pdus.length;
    expect({ n, way, text: joined(pdus), stored: stored.get(to) }).toEqual({
      n,
      way,
      text,
      stored: { msisdn: to, text, parts },
    });
    expect({ n, quoted: quote?.parts, hop: quote?.prices?.[0]?.parts, sent }).toEqual({
      n,
      quoted: parts,
      hop: parts,
      sent,
    });
    if (longKinds[out] === "payload") expect(pdus).toHaveLength(1);
  }
  await expectCleanLedger(db, tree);
});
