/** Gives suites a tenant with webhooks: a receiver that checks every signature, endpoints, and messages that ended. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Webhook } from "standardwebhooks";
import { onTestFinished } from "vitest";
import type { Database } from "#db/client.ts";
import { createWebhook } from "#server/domain/webhooks/create.ts";
import type { CreateWebhook } from "#server/domain/webhooks/input.ts";
import { queueMessageEvents } from "#server/domain/webhooks/queue-events.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { workerContext } from "#tests/delivering.ts";
import { contextFor } from "#tests/factories.ts";

export type Received = {
  webhookId: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  path: string;
};
/** Answers in its own way; false = as usual. */
export type Manner = (request: IncomingMessage, response: ServerResponse, count: number) => boolean;

export class Sink {
  /** Each event in the order of coming, repeats too; of lists each event by itself. */
  readonly events: Received[] = [];
  requests = 0;
  forged = 0;
  connections = 0;
  secrets: string[] = [];
  manner: Manner = () => false;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((request, response) => this.take(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ids of events without repeats. */
  get distinct(): Set<string> {
    return new Set(this.events.map(({ webhookId }) => webhookId));
  }

  async open(port = 0): Promise<this> {
    this.server.on("connection", (socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    await new Promise<void>((done) => this.server.listen(port, "127.0.0.1", done));
    onTestFinished(() => this.close());
    return this;
  }

  hangUp(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise((done) => this.server.close(done));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    this.requests += 1;
    if (!this.isGenuine(body, request)) {
      this.forged += 1;
      response.writeHead(401).end();
      return;
    }
    if (this.manner(request, response, this.requests)) return;
    this.note(body, request);
    response.writeHead(204).end();
  }

  /** What it was told, whatever it answers. */
  note(body: string, request: IncomingMessage): void {
    const content = JSON.parse(body) as Received & { data: { events: (Received & { id: string })[] } };
    const path = request.url ?? "";
    const webhookId = String(request.headers["webhook-id"]);
    if (content.type !== "batch") this.events.push({ ...content, webhookId, path });
    else for (const { id, ...event } of content.data.events) this.events.push({ ...event, webhookId: id, path });
  }

  private isGenuine(body: string, request: IncomingMessage): boolean {
    const headers = Object.fromEntries(
      ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, String(request.headers[name])]),
    );
    return this.secrets.every((secret) => {
      try {
        return Boolean(new Webhook(secret).verify(body, headers));
      } catch {
        return false;
      }
    });
  }
}

export const openSink = (): Promise<Sink> => new Sink().open();

/** An endpoint at the sink, which from then on accepts its signatures only. */
export async function makeEndpoint(db: Database, tenantId: string, sink: Sink, over: Partial<CreateWebhook> = {}) {
  const made = await createWebhook(contextFor(db, tenantId), { id: newId(), url: `${sink.url}/hook`, ...over });
  sink.secrets = [made.secret ?? ""];
  return made;
}

/** Messages of the tenant that ended as this, and the tenant's endpoints to be told of them. @returns their ids */
export async function endMessages(
  db: Database,
  tenantId: string,
  count: number,
  status = "delivered",
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId());
  await asSystem(workerContext(db), async (ctx) => {
    await ctx.tx.sql`
      insert into messages (id, tenant_id, batch_id, sender_id, sender, msisdn, text, traffic_class, encoding, parts,
        operator_id, connector_id, rate_id, status, charge_stage, source, reference, valid_until, sent_at, done_at)
      select id, ${tenantId}, ${newId()}, ${newId()}, 'ACME', '84912345678', 'Hi', 'transactional', 'gsm7', 1, 'vn-mobifone',
        ${newId()}, ${newId()}, ${status}, 3, 'http', 'ref-' || id, now(), now(), now()
      from unnest(${ids}::uuid[]) as i (id)`;
    const at = ctx.clock.now();
    await queueMessageEvents(
      ctx,
      ids.map((id) => ({ id, tenantId, status, errorCode: null, at })),
    );
  });
  return ids;
}

export const eventIdsOf = (messageIds: readonly string[], status = "delivered"): string[] =>
  messageIds.map((id) => `msg_${id}_${status}`);
