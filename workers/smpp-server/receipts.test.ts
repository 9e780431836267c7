/** Receipts over SMPP: in order, as asked for, and waiting for a client that is away; and the money that they settle. */
import { describe, expect, it } from "vitest";
import { bind, endMessages, idOf, makeAccount, startServer } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger } from "#tests/delivering.ts";
import { plainSubmit as plain } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { chainPrices } from "#tests/money.ts";
import { makeSendingTree } from "#tests/sending.ts";
import { balances } from "#tests/traffic.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";

const db = await testDatabase(12);

describe("receipts", () => {
  it("come in order, in both notations, as asked for", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { receiptWindow: 10 });
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const ids: string[] = [];
    for (let n = 0; n < 120; n += 1) ids.push(idOf(await esme.submit({ ...plain(), user_message_reference: n })));
    const quiet = idOf(await esme.submit({ ...plain(), registered_delivery: 0 }));
    const onFailure = idOf(await esme.submit({ ...plain(), registered_delivery: 2 }));
    await endMessages(db, [quiet, onFailure]);
    for (let from = 0; from < 120; from += 40) await endMessages(db, ids.slice(from, from + 40));
    await esme.receiptCount(120);
    expect(esme.receipts.map((receipt) => receipt.carrierId)).toEqual(ids);
    const [first] = esme.delivered;
    expect(first).toMatchObject({
      command: "deliver_sm",
      esm_class: 4,
      source_addr: expect.stringMatching(/^84\d+$/),
      destination_addr: "ACME",
      receipted_message_id: ids[0],
      message_state: 2,
      user_message_reference: 0,
    });
    expect(first?.short_message?.toString("latin1")).toMatch(
      new RegExp(
        `^id:${ids[0]} sub:001 dlvrd:001 submit date:\\d{10} done date:\\d{10} stat:DELIVRD err:000 text:Your parcel is on it$`,
      ),
    );
    const left = () => db.sql`select id from outgoing_receipts where receiver_id = ${account.id}`;
    await eventually(async () => expect(await left()).toHaveLength(0));
    await expectCleanLedger(db, tree);
  });

  it("wait for a client that is away, and tell states and errors apart", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const sender = await bind(port, account, { command: "bind_transmitter" });
    const ids = (await Promise.all(Array.from({ length: 30 }, () => sender.submit(plain())))).map(idOf);
    await endMessages(db, ids.slice(0, 10), "undelivered", "27");
    await endMessages(db, ids.slice(10, 20), "expired", "validity_over");
    await endMessages(db, ids.slice(20), "failed", "11");
    expect(sender.delivered).toEqual([]);
    const receiver = await bind(port, account, { command: "bind_receiver" });
    await receiver.receiptCount(30);
    expect(receiver.receipts.map((r) => r.carrierId).sort()).toEqual([...ids].sort());
    const seen = new Map(receiver.receipts.map((r) => [r.carrierId, `${r.state} ${r.errorCode}`]));
    expect(seen.get(ids[0] ?? "")).toBe("UNDELIV 27");
    expect(seen.get(ids[10] ?? "")).toBe("EXPIRED 901");
    expect(seen.get(ids[20] ?? "")).toBe("UNDELIV 11");
  });

  it("stay until they are confirmed: refused ones come again later, unanswered ones to the next bind", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    let refusals = 0;
    const esme = await bind(port, account, { answer: () => (refusals++ < 3 ? commandStatus.queueFull : 0) });
    const ids = (await Promise.all(Array.from({ length: 6 }, () => esme.submit(plain())))).map(idOf);
    await endMessages(db, ids);
    await eventually(() => expect(esme.receipts).toHaveLength(9));
    expect(new Set(esme.receipts.slice(3).map((r) => r.carrierId))).toEqual(new Set(ids));
    await esme.session.unbind("done");
    const mute = await bind(port, account, { answer: () => null });
    const more = (await Promise.all(Array.from({ length: 5 }, () => mute.submit(plain())))).map(idOf);
    await endMessages(db, more);
    await mute.receiptCount(5);
    mute.session.close("lost");
    const next = await bind(port, account);
    await next.receiptCount(5);
    expect(next.receipts.map((r) => r.carrierId)).toEqual(mute.receipts.map((r) => r.carrierId));
  });

  it("go to an account's own binds only", async () => {
    const tree = await makeSendingTree(db);
    const [one, two] = [await makeAccount(db, tree.subaccount.id), await makeAccount(db, tree.subaccount.id)];
    const { port } = await startServer(db);
    const [first, second] = [await bind(port, one), await bind(port, two)];
    const ids = (await Promise.all(Array.from({ length: 20 }, () => first.submit(plain())))).map(idOf);
    const others = (await Promise.all(Array.from({ length: 20 }, () => second.submit(plain())))).map(idOf);
    await endMessages(db, [...ids, ...others]);
    await Promise.all([first.receiptCount(20), second.receiptCount(20)]);
    expect(new Set(first.receipts.map((r) => r.carrierId))).toEqual(new Set(ids));
    expect(new Set(second.receipts.map((r) => r.carrierId))).toEqual(new Set(others));
  });
});

describe("balances", () => {
  it("end as spent when the receipts have come", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const ids = (await Promise.all(Array.from({ length: 10 }, () => esme.submit(plain())))).map(idOf);
    await endMessages(db, ids);
    const [order] = await db.sql<{ id: string }[]>`select id from orders where buyer_id = ${tree.subaccount.id}`;
    expect(await balances(db, { id: order?.id ?? "" })).toMatchObject({
      heldMicros: 0n,
      spentMicros: 10n * chainPrices.subaccount,
    });
  });
});
