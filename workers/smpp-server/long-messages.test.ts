/** Long messages in all their forms: the text that comes out is the one that went in, and its parts are those charged. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listMessages } from "#server/domain/messages/list.ts";
import { expireParts } from "#server/domain/messages/park-parts.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import { bind, endMessages, idOf, makeAccount, startServer, statusOf } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger, workerContext } from "#tests/delivering.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { longKinds, repeatReference, submitsOf } from "#tests/long-submits.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";

const db = await testDatabase(12);
const gsmText = fc.string({ unit: fc.constantFrom(..."abc XYZ@£{}[]€ñÜ\n1234567890"), minLength: 1, maxLength: 700 });
const ucsText = fc.string({
  unit: fc.constantFrom(..."đường phố ẩm thực Я中", "🌳", "👩‍👧"),
  minLength: 1,
  maxLength: 300,
});
const texts = fc.oneof(gsmText, ucsText).filter((text) => text.trim() !== "" && segmentText(text).parts <= 10);

describe("long messages", () => {
  it("come out as they went in, in parts as charged, in every form, order and cut", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { windowSize: 1_000 });
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const wish = fc.record({
      text: texts,
      kind: fc.constantFrom(...longKinds),
      shift: fc.nat(20),
      cut: fc.integer({ min: 67, max: 134 }),
    });
    let messages = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { minLength: 20, maxLength: 20 }), async (wishes) => {
        const sent = await Promise.all(
          wishes.map(async ({ text, kind, shift, cut }) => {
            const all = submitsOf(text, kind, text.length <= 300 ? cut : 0);
            // Any order: rotated here, and mixed with the other messages on the wire.
            const rotated = all.map((_, index) => all[(index + shift) % all.length] ?? {});
            const ids = (await Promise.all(rotated.map((fields) => esme.request("submit_sm", fields)))).map(idOf);
            return { text, id: (ids[0] ?? "").split(".")[0] ?? "", ids };
          }),
        );
        const rows =
          await db.sql`select id, text, parts, status from messages where id = any(${sent.map((s) => s.id)}::uuid[])`;
        const byId = new Map(rows.map((row) => [row.id as string, row]));
        for (const { id, text, ids } of sent) {
          messages += 1;
          expect(new Set(ids.map((one) => one.split(".")[0]))).toEqual(new Set([id]));
          expect(new Set(ids).size).toBe(ids.length);
          expect(byId.get(id)).toEqual({ id, text, parts: segmentText(text).parts, status: "queued" });
        }
      }),
      { numRuns: 50 },
    );
    expect(messages).toBe(1_000);
    await expectCleanLedger(db, tree);
  });

  it("are told part by part, under the ids that the parts were answered with, and found by them", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { receiptWindow: 1 });
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const all = submitsOf("x".repeat(400), "udh8");
    const ids = (
      await Promise.all(
        all.map((fields, n) => esme.request("submit_sm", { ...fields, registered_delivery: n === 1 ? 0 : 1 })),
      )
    ).map(idOf);
    const id = ids[0]?.split(".")[0] ?? "";
    expect(ids).toEqual([`${id}.1`, `${id}.2`, `${id}.3`]);
    await endMessages(db, [id]);
    await esme.receiptCount(2);
    expect(esme.receipts.map((receipt) => receipt.carrierId)).toEqual([`${id}.1`, `${id}.3`]);
    expect(await esme.request("query_sm", { message_id: `${id}.2` })).toMatchObject({ pdu: { message_state: 2 } });
    const found = await listMessages(contextFor(db, tree.subaccount.id), { search: `${id}.2` });
    expect(found.items.map((message) => message.id)).toEqual([id]);
  });

  it("of a client that waits for each answer are kept durably, over binds and servers", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const [one, two] = [await startServer(db), await startServer(db)];
    const text = "Một tin nhắn dài 🌳 ".repeat(12);
    const all = submitsOf(text, "udh16");
    expect(all.length).toBeGreaterThan(2);
    const ids: string[] = [];
    for (const [index, fields] of all.entries()) {
      const esme = await bind(index % 2 === 0 ? one.port : two.port, account);
      ids.push(idOf(await esme.request("submit_sm", fields)));
      // The same part again: a client that did not hear the answer.
      if (index === 0) expect(idOf(await esme.request("submit_sm", fields))).toBe(ids[0]);
      await esme.session.unbind("next");
    }
    const id = ids[0]?.split(".")[0] ?? "";
    expect(ids).toEqual(all.map((_, index) => `${id}.${index + 1}`));
    expect((await db.sql`select text from messages where id = ${id}`)[0]?.text).toBe(text);
    expect(await db.sql`select * from smpp_parts`).toHaveLength(0);
    await expectCleanLedger(db, tree);
  });

  it("that stay incomplete, or whose last part is refused, are told to have failed", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const [first, second] = submitsOf("y".repeat(200), "sar");
    const early = idOf(await esme.request("submit_sm", first ?? {}));
    await db.sql`update smpp_parts set received_at = now() - interval '10 minutes'`;
    expect(await expireParts(workerContext(db))).toBe(1);
    await esme.receiptCount(1);
    expect(esme.receipts[0]).toMatchObject({ carrierId: early, state: "EXPIRED", errorCode: "905" });
    expect(await esme.request("query_sm", { message_id: early })).toMatchObject({ pdu: { message_state: 3 } });
    const again = idOf(await esme.request("submit_sm", second ?? {}));
    expect(again.split(".")[0]).not.toBe(early.split(".")[0]);
    await db.sql`update orders set status = 'closed' where buyer_id = ${tree.subaccount.id}`;
    expect(statusOf(await esme.request("submit_sm", first ?? {}))).toBe(0x400);
    await esme.receiptCount(2);
    expect(esme.receipts[1]).toMatchObject({ carrierId: again, state: "REJECTD" });
    await eventually(async () => expect(await db.sql`select * from smpp_parts`).toHaveLength(0));
    await expectCleanLedger(db, tree);
  });

  it("with a reference used again for another text do not mix", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const to = nextNumber();
    const [lost] = submitsOf("a".repeat(200), "udh8", 0, to);
    repeatReference();
    const whole = submitsOf("b".repeat(200), "udh8", 0, to);
    const answers = await Promise.all([lost, ...whole].map((fields) => esme.request("submit_sm", fields ?? {})));
    expect(answers.map(statusOf)).toEqual([0, 0, 0]);
    const ids = answers.map((answer) => idOf(answer).split(".")[0] ?? "");
    expect(new Set(ids.slice(1)).size).toBe(1);
    expect((await db.sql`select text from messages where id = ${ids[1] ?? ""}`)[0]?.text).toBe("b".repeat(200));
  });

  it("with too many parts, too long a part, or another user data header are refused", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const base = { source_addr: "ACME", destination_addr: nextNumber() };
    const sar = { sar_msg_ref_num: 1, sar_total_segments: 200, sar_segment_seqnum: 1, short_message: Buffer.from("x") };
    expect(statusOf(await esme.request("submit_sm", { ...base, ...sar }))).toBe(commandStatus.invalidMessageLength);
    const ports = Buffer.from("06050415811581ff", "hex");
    const header = { ...base, esm_class: 0x40, short_message: ports };
    expect(statusOf(await esme.request("submit_sm", header))).toBe(commandStatus.invalidEsmClass);
    const payload = { ...base, message_payload: Buffer.alloc(60_000, 0x61) };
    expect(statusOf(await esme.request("submit_sm", payload))).toBe(commandStatus.invalidMessageLength);
  });
});
