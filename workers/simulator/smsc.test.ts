/** The simulated carrier over real TCP: magic numbers, receipts that survive, a crash, its control, its speed. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { TestEsme } from "#tests/esme.ts";
import { eventually } from "#tests/eventually.ts";
import { controlServer } from "#workers/simulator/control.ts";
import { Smsc, type SmscOptions } from "#workers/simulator/smsc.ts";
import type { Answer } from "#workers/smpp/session.ts";

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function carrier(options: SmscOptions = {}) {
  const smsc = new Smsc({
    ...options,
    settings: { latencyMs: 0, latencyJitterMs: 0, receiptDelayMs: 5, receiptJitterMs: 0, ...options.settings },
  });
  const port = await smsc.listen(0);
  opened.push(() => smsc.close());
  return { smsc, port };
}

async function esme(port: number, password = "secret") {
  const client = await TestEsme.connect(port, "test", password);
  opened.push(() => client.session.close("test ends"));
  return client;
}

const statusOf = (answer: Answer) => (answer.kind === "response" ? answer.pdu.command_status : answer.kind);
const to = (msisdn: string, text = "hello") => ({ destination_addr: msisdn, short_message: Buffer.from(text) });

describe("simulator", () => {
  it("lets in who knows the password only", async () => {
    const { port, smsc } = await carrier({ password: "right" });
    const refused = await esme(port, "wrong");
    expect(statusOf(refused.bound)).toBe(0x0e);
    expect(statusOf((await esme(port, "right")).bound)).toBe(0);
    expect(smsc.memory.stats).toMatchObject({ binds: 1, refusedBinds: 1 });
  });

  it("behaves by the last digits of the number", async () => {
    const { port, smsc } = await carrier();
    const client = await esme(port);
    const send = async (last: string) => statusOf(await client.submit(to(`8490123${last}`)));
    expect(await send("0001")).toBe(0);
    expect(await send("0002")).toBe(0);
    expect(await send("0003")).toBe(0x0b);
    expect([await send("0004"), await send("0004")]).toEqual([0x58, 0]);
    expect(await send("0005")).toBe(0);
    expect(await send("0007")).toBe(0);
    expect(await send("1234")).toBe(0);
    await client.receiptCount(6);
    const states = client.receipts.map((r) => `${r.msisdn.slice(-4)} ${r.state}`).sort();
    expect(states).toEqual([
      "0001 UNDELIV",
      "0002 EXPIRED",
      "0004 DELIVRD",
      "0007 DELIVRD",
      "0007 DELIVRD",
      "1234 DELIVRD",
    ]);
    expect(smsc.memory.of("84901230004").count).toBe(1);
  });

  it("sends a receipt before its answer, and names a message in another notation, where asked for", async () => {
    const { port } = await carrier({ settings: { latencyMs: 30 } });
    const client = await esme(port);
    const answer = client.submit(to("84901230006"));
    await client.receiptCount(1);
    const hex = await client.submit(to("84901230008"));
    await answer;
    await client.receiptCount(2);
    const id = hex.kind === "response" ? (hex.pdu.message_id ?? "") : "";
    expect(client.receipts[1]?.carrierId).toBe(String(Number.parseInt(id, 16)));
  });

  it("owes its receipts to whoever binds next, also after it crashed", async () => {
    const journalPath = path.join(tmpdir(), `simulator-${randomBytes(4).toString("hex")}.ndjson`);
    opened.push(() => rmSync(journalPath, { force: true }));
    const first = await carrier({ journalPath, settings: { receiptDelayMs: 40 } });
    const client = await esme(first.port);
    await client.submit({ ...to("84901234567"), user_message_reference: 4_711 });
    client.session.close("gone");
    await first.smsc.close();
    opened.length = 1;
    const second = await carrier({ journalPath });
    const again = await esme(second.port);
    await again.receiptCount(1);
    expect(again.receipts[0]).toMatchObject({ msisdn: "84901234567", state: "DELIVRD", userMessageReference: 4_711 });
    await again.submit(to("84901234567"));
    expect(second.smsc.memory.stats).toMatchObject({ accepted: 2, duplicates: 1, recipients: 1 });
  });

  it("is read and changed over HTTP", async () => {
    const { port, smsc } = await carrier();
    const control = controlServer(smsc).listen(0, "127.0.0.1");
    await once(control, "listening");
    opened.push(() => control.close());
    const base = `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
    const post = (where: string, body: unknown) => fetch(base + where, { method: "POST", body: JSON.stringify(body) });
    expect((await post("/settings", { throttlePercent: 100 })).status).toBe(200);
    expect((await post("/settings", { throttlePercent: 101 })).status).toBe(400);
    expect((await post("/settings", { surprise: 1 })).status).toBe(400);
    const client = await esme(port);
    expect(statusOf(await client.submit(to("84901234567")))).toBe(0x58);
    expect(await (await fetch(`${base}/stats`)).json()).toMatchObject({ submits: 1, throttled: 1, boundSessions: 1 });
    await post("/disconnect", {});
    expect(await client.closed).toBeTruthy();
    await post("/reset", {});
    expect(await (await fetch(`${base}/stats`)).json()).toMatchObject({ submits: 0 });
    expect((await fetch(`${base}/elsewhere`)).status).toBe(404);
  });

  it("takes 10,000 messages from 500 senders at once and owes no receipt afterwards", async () => {
    const { port, smsc } = await carrier({ settings: { magicNumbers: false } });
    const client = await esme(port);
    const total = 10_000;
    let sent = 0;
    await Promise.all(
      Array.from({ length: 500 }, async () => {
        while (sent < total) {
          sent += 1;
          await client.submit(to(`849${String(10_000_000 + sent * 11).padStart(8, "0")}`));
        }
      }),
    );
    await client.receiptCount(smsc.memory.stats.receiptsDue + smsc.memory.stats.receiptsConfirmed);
    const done = { accepted: total, receiptsDue: 0, receiptsConfirmed: total };
    await eventually(() => expect(smsc.memory.stats).toMatchObject(done));
  });
});
