/** The SMPP server on real sockets: who may bind, and submits that cost money. */
import { describe, expect, it } from "vitest";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { bind, changeAccount, idOf, makeAccount, startServer, statusOf } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { expectCleanLedger } from "#tests/delivering.ts";
import { plainSubmit as plain, TestEsme } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { contextFor } from "#tests/factories.ts";
import { chainPrices, sellOrder } from "#tests/money.ts";
import { makeSendingTree } from "#tests/sending.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import { encodeGsm7, encodeUcs2 } from "#workers/smpp/data-coding.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";
import { vendorStatus } from "#workers/smpp-server/statuses.ts";

const db = await testDatabase(12);

describe("bind", () => {
  it("takes 3.4 and 5.0, each mode, and says which version it speaks", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    for (const command of ["bind_transmitter", "bind_receiver", "bind_transceiver"] as const) {
      for (const version of [0x34, 0x50]) {
        const esme = await bind(port, account, { command, version });
        expect(esme.bound).toMatchObject({ pdu: { command_status: 0, sc_interface_version: version } });
        const transmits = statusOf(await esme.request("submit_sm", plain()));
        expect(transmits).toBe(command === "bind_receiver" ? commandStatus.wrongBindStatus : 0);
        await esme.session.unbind("done");
      }
    }
    const old = await bind(port, account, { version: 0x33 });
    expect(old.bound).not.toHaveProperty("pdu.sc_interface_version");
  });

  it("speaks 3.4 with versions that nobody has defined, and 5.0 with none but its own", async () => {
    const tree = await makeSendingTree(db);
    const poor = await makeAccount(db, tree.stranger.id);
    const { port } = await startServer(db);
    for (const version of [0x35, 0x4f, 0x51, 0xff]) {
      const esme = await bind(port, poor, { version });
      expect(esme.bound).toMatchObject({ pdu: { command_status: 0, sc_interface_version: 0x34 } });
      const [row] =
        await db.sql`select version from smpp_binds where account_id = ${poor.id} order by since desc limit 1`;
      expect(row).toEqual({ version: 0x34 });
      const refused = await esme.submit(plain());
      expect(statusOf(refused)).not.toBe(0);
      expect(refused).not.toHaveProperty("pdu.additional_status_info_text");
      await esme.session.unbind("done");
    }
  });

  it("answers what came before an unbind, so that nobody sends again what is paid for", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const answers = Promise.all(Array.from({ length: 20 }, () => esme.request("submit_sm", plain())));
    await esme.session.unbind("done");
    expect((await answers).map(statusOf)).toEqual(Array(20).fill(0));
  });

  it("refuses a wrong name, password, address, a switched-off account, and one bind too many", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { maxBinds: 2 });
    const elsewhere = await makeAccount(db, tree.subaccount.id, { allowedIps: ["198.51.100.0/24", "2001:db8::/32"] });
    const here = await makeAccount(db, tree.subaccount.id, { allowedIps: ["127.0.0.0/8"] });
    const off = await makeAccount(db, tree.subaccount.id);
    await changeAccount(db, off.id, { status: "disabled" });
    const { port } = await startServer(db);
    const tried = async (who: { systemId: string; password: string }) => {
      const esme = await TestEsme.open({ port, ...who });
      return statusOf(esme.bound);
    };
    expect(await tried({ systemId: "nobody", password: "x" })).toBe(commandStatus.invalidSystemId);
    expect(await tried({ ...account, password: "wrong" })).toBe(commandStatus.invalidPassword);
    expect(await tried({ ...account, password: "" })).toBe(commandStatus.invalidPassword);
    expect(await tried(elsewhere)).toBe(commandStatus.bindFailed);
    expect(await tried(off)).toBe(commandStatus.bindFailed);
    await bind(port, here);
    const first = await bind(port, account);
    await bind(port, account);
    expect(await tried(account)).toBe(commandStatus.bindFailed);
    await first.session.unbind("done");
    await eventually(async () => expect(await tried(account)).toBe(0));
  });

  it("shuts the door after many wrong passwords, without a look at the next one", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const guess = async (n: number) =>
      statusOf((await TestEsme.open({ port, ...account, password: `guess${n}` })).bound);
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => guess(n)));
    // Ten are looked at; the last two find the door shut when they come late.
    expect(answers.filter((answer) => answer === commandStatus.invalidPassword).length).toBeGreaterThanOrEqual(10);
    expect(answers).not.toContain(commandStatus.ok);
    expect(statusOf((await TestEsme.open({ port, ...account })).bound)).toBe(commandStatus.bindFailed);
  });

  it("closes the binds of a disabled account and of a suspended tenant", async () => {
    const tree = await makeSendingTree(db);
    const first = await makeAccount(db, tree.subaccount.id);
    const second = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const one = await bind(port, first);
    const two = await bind(port, second);
    await changeAccount(db, first.id, { status: "disabled" });
    await one.closed;
    await suspendTenant(contextFor(db, tree.aggregator.id), { id: tree.company.id, reason: "unpaid" });
    await two.closed;
    expect(statusOf((await TestEsme.open({ port, ...second })).bound)).toBe(commandStatus.bindFailed);
  });

  it("lists who is bound, and nobody when they are gone", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account, { version: 0x50 });
    const rows = () => db.sql`select mode, ip, tls, version from smpp_binds where account_id = ${account.id}`;
    expect(await rows()).toEqual([{ mode: "transceiver", ip: "127.0.0.1", tls: false, version: 0x50 }]);
    esme.session.close("gone");
    await eventually(async () => expect(await rows()).toEqual([]));
  });
});

describe("submit_sm", () => {
  it("is answered after the commit, and charged at every hop", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const ids = (await Promise.all(Array.from({ length: 50 }, () => esme.submit(plain())))).map(idOf);
    expect(new Set(ids).size).toBe(50);
    const rows = await db.sql`
      select source, origin_id, receipt, tenant_id, status from messages where id = any(${ids}::uuid[])`;
    expect(rows).toHaveLength(50);
    expect(rows[0]).toEqual({
      source: "smpp",
      origin_id: account.id,
      receipt: 1,
      tenant_id: tree.subaccount.id,
      status: "queued",
    });
    const held = await db.sql<{ order: string; held: bigint }[]>`
      select o.buyer_id as order, a.balance as held from ledger_accounts a join orders o on o.id = a.order_id
      where a.kind = 'held' and a.unit <> 'PARTS' and a.balance <> 0 and o.buyer_id = any(${[
        tree.company.id,
        tree.partner.id,
        tree.subaccount.id,
      ]}::uuid[])`;
    const byBuyer = new Map(held.map((row) => [row.order, row.held]));
    expect(byBuyer.get(tree.subaccount.id)).toBe(50n * chainPrices.subaccount);
    expect(byBuyer.get(tree.partner.id)).toBe(50n * chainPrices.partner);
    expect(byBuyer.get(tree.company.id)).toBe(50n * chainPrices.company);
    await expectCleanLedger(db, tree);
  });

  it("reads every alphabet by data_coding and the account's own, and refuses the others", async () => {
    const tree = await makeSendingTree(db);
    const gsm = await makeAccount(db, tree.subaccount.id);
    const latin = await makeAccount(db, tree.subaccount.id, { defaultAlphabet: "latin1" });
    const { port } = await startServer(db);
    const esme = await bind(port, gsm);
    const textOf = async (id: string) => (await db.sql`select text from messages where id = ${id}`)[0]?.text;
    const sent = async (who: TestEsme, data_coding: number, bytes: Buffer) =>
      textOf(idOf(await who.submit({ ...plain(), data_coding, short_message: bytes })));
    expect(await sent(esme, 0, encodeGsm7("@£ {€} ñ"))).toBe("@£ {€} ñ");
    expect(await sent(esme, 3, Buffer.from("Ünïcode ç", "latin1"))).toBe("Ünïcode ç");
    expect(await sent(esme, 1, Buffer.from("plain", "latin1"))).toBe("plain");
    expect(await sent(esme, 8, encodeUcs2("Xin chào 🌳"))).toBe("Xin chào 🌳");
    expect(await sent(await bind(port, latin), 0, Buffer.from("é@", "latin1"))).toBe("é@");
    for (const data_coding of [2, 4, 5, 0x10, 0xf4]) {
      expect(statusOf(await esme.submit({ ...plain(), data_coding }))).toBe(commandStatus.invalidDataCoding);
    }
  });

  it("refuses what would arrive as another text: half a character, octets of no alphabet, two texts", async () => {
    const tree = await makeSendingTree(db);
    const { port } = await startServer(db);
    const esme = await bind(port, await makeAccount(db, tree.subaccount.id));
    const answered = async (fields: PduFields) => statusOf(await esme.submit({ ...plain(), ...fields }));
    const { invalidMessageLength, invalidDataCoding } = commandStatus;
    expect(await answered({ data_coding: 8, short_message: Buffer.from([0, 0x61, 0]) })).toBe(invalidMessageLength);
    expect(await answered({ short_message: Buffer.from([0x61, 0x80]) })).toBe(invalidDataCoding);
    const text = Buffer.from("a");
    expect(await answered({ short_message: text, message_payload: Buffer.from("abc") })).toBe(invalidMessageLength);
    expect(await answered({ short_message: text, message_payload: text })).toBe(commandStatus.ok);
  });

  it("says what is wrong: address, sender, length, money, in words for 5.0", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const poor = await makeAccount(db, tree.sibling.id);
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const status = async (fields: object) => statusOf(await esme.submit({ ...plain(), ...fields }));
    expect(await status({ destination_addr: "12" })).toBe(commandStatus.invalidDestination);
    expect(await status({ destination_addr: "" })).toBe(commandStatus.invalidDestination);
    expect(await status({ source_addr: "OTHER" })).toBe(commandStatus.invalidSource);
    expect(await status({ short_message: Buffer.alloc(0) })).toBe(commandStatus.invalidMessageLength);
    expect(await status({ esm_class: 0x04 })).toBe(commandStatus.invalidEsmClass);
    expect(await status({ priority_flag: 4 })).toBe(commandStatus.invalidPriority);
    expect(await status({ registered_delivery: 3 })).toBe(commandStatus.invalidRegisteredDelivery);
    expect(await status({ schedule_delivery_time: "tomorrow" })).toBe(commandStatus.invalidSchedule);
    expect(await status({ validity_period: "200101000000000+" })).toBe(commandStatus.invalidExpiry);
    await db.sql`update orders set status = 'closed' where buyer_id = ${tree.sibling.id}`;
    const none = await (await bind(port, poor, { version: 0x50 })).submit(plain());
    expect(none).toMatchObject({ pdu: { command_status: vendorStatus.noFunds } });
    await sellOrder(db, { seller: tree.company, buyer: tree.sibling, prices: 1_000_000n });
    expect(statusOf(await (await bind(port, poor)).submit(plain()))).toBe(0);
  });

  it("throttles above the account's rate and takes the rest", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { maxPerSecond: 10, windowSize: 500 });
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const answers = await Promise.all(Array.from({ length: 400 }, () => esme.submit(plain())));
    const taken = answers.filter((answer) => statusOf(answer) === 0).length;
    expect(taken).toBeGreaterThanOrEqual(10);
    // Refusing so many takes no machine half a minute.
    expect(taken).toBeLessThan(300);
    expect(answers.filter((answer) => statusOf(answer) === commandStatus.throttled)).toHaveLength(400 - taken);
    await changeAccount(db, account.id, { maxPerSecond: 0 });
    await eventually(async () => {
      const more = await Promise.all(Array.from({ length: 40 }, () => esme.submit(plain())));
      expect(more.every((answer) => statusOf(answer) === 0)).toBe(true);
    });
  });

  it("keeps what came beside: class, validity, schedule, service type, TLVs by name", async () => {
    const tree = await makeSendingTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { classFrom: "priority_flag", trafficClass: "bulk" });
    const { port } = await startServer(db);
    const esme = await bind(port, account);
    const id = idOf(
      await esme.submit({
        ...plain(),
        priority_flag: 3,
        service_type: "CMT",
        registered_delivery: 2,
        schedule_delivery_time: "000000010000000R",
        validity_period: "000000020000000R",
        user_message_reference: 4_711,
        source_port: 5_000,
      }),
    );
    const [row] = await db.sql`
      select m.traffic_class as class, m.receipt, m.wire,
        extract(epoch from q.ready_at - now())::int as wait, extract(epoch from m.valid_until - q.ready_at)::int as valid
      from messages m join send_queue q on q.message_id = m.id where m.id = ${id}`;
    expect(row).toMatchObject({
      class: "otp",
      receipt: 2,
      wire: { serviceType: "CMT", tlvs: { user_message_reference: 4_711, source_port: 5_000 } },
    });
    expect(row?.wait).toBeGreaterThan(3_500);
    expect(row?.valid).toBeGreaterThan(3_500);
    expect(
      (await db.sql`select wire from messages where id = ${idOf(await esme.submit(plain()))}`)[0]?.wire,
    ).toBeNull();
  });
});
