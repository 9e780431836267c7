/** query_sm, cancel_sm, replace_sm, data_sm and submit_multi on real sockets: of the own messages, and of nobody else's. */
import { describe, expect, it } from "vitest";
import { bind, endMessages, idOf, makeAccount, startServer, statusOf } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger } from "#tests/delivering.ts";
import { plainSubmit as plain, type TestEsme } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { chainPrices } from "#tests/money.ts";
import { makeSendingTree, nextNumber } from "#tests/sending.ts";
import { balances } from "#tests/traffic.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { encodeGsm7 } from "#workers/smpp/data-coding.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";

const db = await testDatabase(12);

async function setUp() {
  const tree = await makeSendingTree(db);
  const account = await makeAccount(db, tree.subaccount.id);
  const other = await makeAccount(db, tree.subaccount.id);
  const foreign = await makeAccount(db, tree.sibling.id);
  const { port } = await startServer(db);
  const esme = await bind(port, account);
  return { tree, account, esme, neighbours: [await bind(port, other), await bind(port, foreign)] };
}

const heldOf = async (tenantId: string) => {
  const [order] = await db.sql<{ id: string }[]>`select id from orders where buyer_id = ${tenantId}`;
  return (await balances(db, { id: order?.id ?? "" })).heldMicros;
};
const messageOf = async (id: string) =>
  (await db.sql`select text, parts, status, error_code from messages where id = ${id}`)[0];

describe("query_sm", () => {
  it("tells the state, its time and error, and knows nobody else's messages", async () => {
    const { esme, neighbours } = await setUp();
    const id = idOf(await esme.submit(plain()));
    const ask = async (who: TestEsme, message_id: string, source_addr = "ACME") =>
      who.request("query_sm", { message_id, source_addr });
    expect(await ask(esme, id)).toMatchObject({
      pdu: { command_status: 0, message_id: id, message_state: 1, error_code: 0, final_date: "" },
    });
    await endMessages(db, [id], "undelivered", "27");
    expect(await ask(esme, id.toUpperCase())).toMatchObject({
      pdu: { command_status: 0, message_state: 5, error_code: 27, final_date: expect.stringMatching(/^\d{13}00\+$/) },
    });
    const unknown = [await ask(esme, "nonsense"), await ask(esme, ""), await ask(esme, id, "OTHER")];
    for (const who of neighbours) unknown.push(await ask(who, id));
    expect(unknown.map(statusOf)).toEqual(unknown.map(() => commandStatus.invalidMessageId));
  });
});

describe("cancel_sm", () => {
  it("takes a waiting message back with its money, by id or by addresses, once, and only the own", async () => {
    const { tree, esme, neighbours } = await setUp();
    const id = idOf(await esme.submit(plain()));
    for (const who of neighbours) {
      expect(statusOf(await who.request("cancel_sm", { message_id: id }))).toBe(commandStatus.invalidMessageId);
    }
    expect(statusOf(await esme.request("cancel_sm", { message_id: id, source_addr: "ACME" }))).toBe(0);
    expect(await messageOf(id)).toMatchObject({ status: "cancelled" });
    expect(statusOf(await esme.request("cancel_sm", { message_id: id }))).toBe(commandStatus.cancelFailed);
    expect(await heldOf(tree.subaccount.id)).toBe(0n);
    const to = nextNumber();
    const two = [
      await esme.submit({ ...plain(), destination_addr: to }),
      await esme.submit({ ...plain(), destination_addr: to }),
    ];
    const addresses = { source_addr: "acme", destination_addr: to };
    for (const who of neighbours) {
      expect(statusOf(await who.request("cancel_sm", addresses))).toBe(commandStatus.cancelFailed);
    }
    expect(statusOf(await esme.request("cancel_sm", addresses))).toBe(0);
    for (const answer of two) expect(await messageOf(idOf(answer))).toMatchObject({ status: "cancelled" });
    await eventually(() => expect(esme.receipts.map((receipt) => receipt.state)).toEqual(Array(3).fill("DELETED")));
    await expectCleanLedger(db, tree);
  });

  it("leaves what a worker has", async () => {
    const { esme } = await setUp();
    const id = idOf(await esme.submit(plain()));
    await db.sql`update send_queue set lease_owner = 'somebody', leased_at = now() where message_id = ${id}`;
    expect(statusOf(await esme.request("cancel_sm", { message_id: id }))).toBe(commandStatus.cancelFailed);
    const fields = { message_id: id, source_addr: "ACME", short_message: encodeGsm7("new") };
    expect(statusOf(await esme.request("replace_sm", fields))).toBe(commandStatus.replaceFailed);
    expect(await messageOf(id)).toMatchObject({ text: "Your parcel is on its way." });
  });
});

describe("replace_sm", () => {
  it("puts the new text in, charges what it costs, and only for the owner", async () => {
    const { tree, esme, neighbours } = await setUp();
    const id = idOf(await esme.submit(plain()));
    const put = (who: TestEsme, text: string, more: PduFields = {}) =>
      who.request("replace_sm", { message_id: id, source_addr: "ACME", short_message: encodeGsm7(text), ...more });
    for (const who of neighbours) expect(statusOf(await put(who, "x"))).toBe(commandStatus.invalidMessageId);
    expect(statusOf(await put(esme, "short and new"))).toBe(0);
    expect(await messageOf(id)).toMatchObject({ text: "short and new", parts: 1 });
    const long = "x".repeat(240);
    expect(statusOf(await put(esme, long, { validity_period: "000002000000000R", registered_delivery: 0 }))).toBe(0);
    expect(await messageOf(id)).toMatchObject({ text: long, parts: 2 });
    expect(await heldOf(tree.subaccount.id)).toBe(2n * chainPrices.subaccount);
    expect(await heldOf(tree.company.id)).toBe(2n * chainPrices.company);
    await expectCleanLedger(db, tree);
    expect(statusOf(await put(esme, "x", { source_addr: "OTHER" }))).toBe(commandStatus.replaceFailed);
    await db.sql`update orders set status = 'closed' where buyer_id = ${tree.subaccount.id}`;
    expect(statusOf(await put(esme, "one part again"))).toBe(0x400);
    expect(await messageOf(id)).toMatchObject({ text: long, parts: 2 });
    await expectCleanLedger(db, tree);
  });

  it("is done by a submit with replace_if_present_flag, which else sends", async () => {
    const { tree, esme } = await setUp();
    const to = nextNumber();
    const first = idOf(await esme.submit({ ...plain("first"), destination_addr: to, replace_if_present_flag: 1 }));
    const second = idOf(await esme.submit({ ...plain("second"), destination_addr: to, replace_if_present_flag: 1 }));
    expect(second).toBe(first);
    expect(await messageOf(first)).toMatchObject({ text: "second" });
    const elsewhere = idOf(await esme.submit({ ...plain("third"), replace_if_present_flag: 1 }));
    expect(elsewhere).not.toBe(first);
    const typed = { ...plain("fourth"), destination_addr: to, replace_if_present_flag: 1, service_type: "CMT" };
    expect(idOf(await esme.submit(typed))).not.toBe(first);
    await expectCleanLedger(db, tree);
  });
});

describe("data_sm", () => {
  it("sends as submit_sm does", async () => {
    const { esme } = await setUp();
    const { short_message: message_payload, ...addresses } = plain("by data_sm");
    const answer = await esme.request("data_sm", { ...addresses, message_payload, registered_delivery: 1 });
    expect(await messageOf(idOf(answer))).toMatchObject({ text: "by data_sm", status: "queued" });
  });
});

describe("submit_multi", () => {
  it("sends one text to many, names who cannot be reached, and answers for all under one id", async () => {
    const { tree, esme } = await setUp();
    const good = Array.from({ length: 20 }, () => nextNumber());
    const dest_address = [...good, "12"].map((destination_addr) => ({
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr,
    }));
    const { destination_addr: _, ...rest } = plain();
    const answer = await esme.request("submit_multi", { ...rest, dest_address, registered_delivery: 1 });
    const id = idOf(answer);
    expect(answer).toMatchObject({
      pdu: { unsuccess_sme: [{ destination_addr: "12", error_status_code: commandStatus.invalidDestination }] },
    });
    const ids = (await db.sql`select id from messages where batch_id = ${id}`).map((row) => row.id as string);
    expect(ids).toHaveLength(20);
    expect(await esme.request("query_sm", { message_id: id })).toMatchObject({ pdu: { message_state: 1 } });
    await endMessages(db, ids);
    await esme.receiptCount(20);
    expect(new Set(esme.receipts.map((receipt) => receipt.carrierId))).toEqual(new Set([id]));
    expect(esme.receipts.map((receipt) => receipt.msisdn).sort()).toEqual([...good].sort());
    await expectCleanLedger(db, tree);
    const list = await esme.request("submit_multi", { ...rest, dest_address: [{ dl_name: "all" }] });
    expect(statusOf(list)).toBe(commandStatus.invalidListName);
    expect(statusOf(await esme.request("submit_multi", { ...rest, dest_address: [] }))).toBe(
      commandStatus.invalidDestCount,
    );
    const none = await esme.request("submit_multi", { ...rest, dest_address: [{ destination_addr: "12" }] });
    expect(statusOf(none)).toBe(commandStatus.invalidDestination);
  });
});
