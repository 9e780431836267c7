/** Where a client's callbacks arrive: checks every signature, and is away for some at their first try. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Webhook } from "standardwebhooks";
import type { Book } from "#scripts/chaos/book.ts";

type Event = { id?: string; type: string; data: { id: string; status: string; events?: Event[] } };

/** Every so manyth request is answered with an error, once: its events come again. */
const refuseEvery = 50;

export class Sink {
  forged = 0;
  refusals = 0;
  private requests = 0;
  private secret = "";
  private readonly refused = new Set<string>();
  private readonly server: Server = createServer((request, response) => {
    this.take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  });

  constructor(private readonly book: Book) {}

  /** @returns the address to give */
  async open(port: number): Promise<string> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${port}/callbacks`;
  }

  trust(secret: string): void {
    this.secret = secret;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async take(request: IncomingMessage): Promise<number> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (!this.isGenuine(body, request)) {
      this.forged += 1;
      return 401;
    }
    const { type, data } = JSON.parse(body) as Event;
    const events = type === "batch" ? (data.events ?? []) : [{ type, data }];
    this.requests += 1;
    if (this.requests % refuseEvery === 0 && events.every(({ data }) => !this.refused.has(data.id))) {
      for (const { data } of events) this.refused.add(data.id);
      this.refusals += 1;
      return 503;
    }
    for (const { type, data } of events)
      if (type.startsWith("message.")) this.book.tell("callbacks", data.id, data.status);
    return 204;
  }

  private isGenuine(body: string, request: IncomingMessage): boolean {
    const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name])]));
    try {
      return Boolean(new Webhook(this.secret).verify(body, headers));
    } catch {
      return false;
    }
  }
}
