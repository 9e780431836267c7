/** Clients that go on with the next process when theirs is gone: programs of the HTTP API, and SMPP binds. */
import { expect, onTestFinished } from "vitest";
import { newId } from "#server/kernel/id.ts";
import type { Account } from "#tests/binding.ts";
import { plainNumber } from "#tests/delivering.ts";
import { TestEsme } from "#tests/esme.ts";
import { encodeGsm7 } from "#workers/smpp/data-coding.ts";

/** ESME_RTHROTTLED, SMPP 3.4 section 5.1.3. */
const throttledStatus = 0x58;

/** A client of the API that goes on with the next gateway when one is gone, with the same key for the same messages. */
export class HttpClient {
  readonly ids: string[] = [];
  throttled = 0;
  changes = 0;

  constructor(
    private readonly ports: readonly number[],
    private readonly key: string,
    private at: number,
  ) {}

  /** @returns when the messages were accepted or refused, by whichever gateway */
  async post(numbers: readonly string[], until: () => boolean): Promise<void> {
    const idempotencyKey = newId();
    const body = JSON.stringify({ messages: numbers.map((to) => ({ sender: "ACME", to, text: "Hello" })) });
    while (!until()) {
      const answer = await fetch(`http://127.0.0.1:${this.ports[this.at]}/api/v1/messages`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.key}`,
          "content-type": "application/json",
          "idempotency-key": idempotencyKey,
        },
        body,
      }).catch(() => null);
      if (answer?.status === 202) {
        const { messages } = (await answer.json()) as { messages: { id: string; status: string }[] };
        expect(messages.map((message) => message.status)).toEqual(numbers.map(() => "queued"));
        this.ids.push(...messages.map((message) => message.id));
        return;
      }
      if (answer?.status === 429) this.throttled += 1;
      else if (answer === null) {
        this.at = (this.at + 1) % this.ports.length;
        this.changes += 1;
      }
      await answer?.arrayBuffer();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A client that binds to the next server when its bind is gone. What was under way is not handed in again. */
class SmppClient {
  readonly ids: string[] = [];
  readonly told = new Set<string>();
  unanswered = 0;
  throttled = 0;
  changes = 0;
  private esme: TestEsme | null = null;

  constructor(
    private readonly ports: readonly number[],
    private readonly account: Account,
    private at: number,
  ) {
    onTestFinished(() => this.esme?.session.close("the test is over"));
  }

  async connect(): Promise<TestEsme> {
    for (;;) {
      const { systemId, password } = this.account;
      const esme = await TestEsme.open({ port: this.ports[this.at] ?? 0, systemId, password }).catch(() => null);
      if (esme?.bound.kind === "response" && esme.bound.pdu.command_status === 0) {
        this.esme = esme;
        return esme;
      }
      this.at = (this.at + 1) % this.ports.length;
      this.changes += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends when `until` says so. A bind that is lost is made anew. */
  async flood(lanes: number, until: () => boolean): Promise<void> {
    while (!until()) {
      const esme = await this.connect();
      void esme.closed.then(() => this.hear(esme));
      let isOpen = true;
      const lane = async () => {
        while (isOpen && !until()) {
          const short_message = encodeGsm7("Hello");
          const answer = await esme.submit({ source_addr: "ACME", destination_addr: plainNumber(""), short_message });
          if (answer.kind !== "response") {
            this.unanswered += 1;
            isOpen = false;
          } else if (answer.pdu.command_status === 0) this.ids.push(answer.pdu.message_id ?? "");
          else {
            expect(answer.pdu.command_status).toBe(throttledStatus);
            this.throttled += 1;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
    }
  }

  /** Receipts heard so far, over all binds. */
  hear(esme = this.esme): Set<string> {
    for (const receipt of esme?.receipts ?? []) this.told.add(receipt.carrierId);
    return this.told;
  }
}
type Door = { port: number };
type Credentials = { key: string; account: Account };

/** One client for each process, that goes to the others when its own is away. */
export function clientsOf(edges: readonly Door[], binds: readonly Door[], { key, account }: Credentials) {
  const [httpPorts, smppPorts] = [edges, binds].map((doors) => doors.map(({ port }) => port));
  const http = edges.map((_, n) => new HttpClient(httpPorts ?? [], key, n));
  const smpp = binds.map((_, n) => new SmppClient(smppPorts ?? [], account, n));
  return { http, smpp, accepted: () => [...http, ...smpp].reduce((sum, client) => sum + client.ids.length, 0) };
}
