/** The addresses at which partners over HTTP tell us of their receipts: unguessable, one a connector, any notation. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Counter } from "prom-client";
import { asIncoming, findReceiver, type Receiver, recordHttpReceipts } from "#server/domain/delivery/http-receipts.ts";
import type { IncomingReceipt } from "#server/domain/delivery/work.ts";
import { readCallback } from "#server/domain/routing/http-receipt.ts";
import { exchangeText } from "#server/domain/routing/http-request.ts";
import { receiptPath } from "#server/domain/routing/receipt-address.ts";
import { mostBytes } from "#server/domain/traces/exchange.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { DomainError, invalidInput, notFound } from "#server/kernel/errors.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { ipAllowed } from "#server/kernel/ip-list.ts";
import { log } from "#server/kernel/log.ts";
import { clientOf, type TrustedProxies } from "#workers/gateway/client.ts";
import type { DatabaseGuard } from "#workers/gateway/database-guard.ts";
import { refuseEncoded } from "#workers/gateway/serve-dialect.ts";
import { noBytes, wireTrace } from "#workers/wire-trace.ts";

/** As the isolation matrix names them. Partners choose the method, and are no clients: no document lists these. */
const methods = ["GET", "POST", "PUT"] as const;
export const partnerRoutes = methods.map((method) => `${method} ${receiptPath}{token}`);

export type PartnerOptions = {
  base: Pick<Context, "db" | "clock">;
  guard: DatabaseGuard;
  trusted: TrustedProxies;
};

const receiptCount = new Counter({
  name: "banyan_http_receipts_total",
  help: "Receipts that partners told over HTTP: matched, parked, calls that hold none, and calls from elsewhere.",
  labelNames: ["connector", "result"],
});

const bodyLimitBytes = 256 * 1024;
/** What people change holds after this; one that calls a thousand times a second is looked up once. */
const rememberMs = 2_000;
const mostRemembered = 1_000;
const groupWaitMs = 5;
const mostInGroup = 500;

export function servePartners(app: FastifyInstance, { base, guard, trusted }: PartnerOptions): void {
  const ctx = jobContext(base, "gateway", nilId, newId());
  const receivers = new Receivers(ctx);
  const groups = new ReceiptGroups(ctx);
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.route<{ Params: { token: string } }>({
      method: [...methods],
      url: `${receiptPath}:token`,
      bodyLimit: bodyLimitBytes,
      exposeHeadRoute: false,
      // Before the body is read: who knows no address does not make us read one.
      onRequest: async (request) => {
        refuseEncoded(request);
        admit(await receiverOf(request), clientOf(request.raw, trusted).ip);
      },
      handler: async (request, reply) => {
        const receiver = await receiverOf(request);
        const { receipts } = receiver;
        if (receipts.kind !== "callback") throw notFound("receipt_address");
        await guard.bounded("handleMs", () => take(receiver, request));
        return reply.code(receipts.answerStatus).type(receipts.answerType).send(receipts.answerBody);
      },
    });
  });

  async function receiverOf({ params }: FastifyRequest): Promise<Receiver> {
    const { token } = params as { token: string };
    const receiver = await guard.bounded("authenticateMs", () => receivers.find(token));
    if (receiver?.receipts.kind !== "callback") throw notFound("receipt_address");
    return receiver;
  }

  async function take(receiver: Receiver, request: FastifyRequest): Promise<void> {
    const { receipts, errors, connectorId } = receiver;
    if (receipts.kind !== "callback") return;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const told = readCallback(receipts, {
      contentType: headers["content-type"] ?? "",
      headers,
      bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      query: (request.raw.url ?? "").split("?").slice(1).join("?"),
    });
    if (told.length === 0) {
      receiptCount.inc({ connector: connectorId, result: "unreadable" });
      log.warn({ connectorId, contentType: headers["content-type"] }, "a partner's call holds no receipt as described");
      throw invalidInput("no_receipt_found", "Nothing in this call is a receipt as it was described.");
    }
    const now = base.clock.now();
    traceTold(connectorId, told, request, now);
    await groups.add(
      receiver,
      told.map((receipt) => asIncoming(receipt, errors, now)),
    );
  }
}

/** Told to whoever knows the address, as to the owner of a key: a partner that has moved learns why it is refused. */
function admit({ connectorId, receipts }: Receiver, ip: string): void {
  if (receipts.kind !== "callback" || ipAllowed(receipts.allowedIps, ip)) return;
  receiptCount.inc({ connector: connectorId, result: "ip_not_allowed" });
  log.warn({ connectorId, ip }, "a partner's call comes from an address that is not on its list");
  throw new DomainError("forbidden", "ip_not_allowed", "Receipts may not be reported from this address.");
}

/** Under the ids that it names, without the address, which is a secret, and without headers. */
function traceTold(connectorId: string, told: readonly { id: string }[], request: FastifyRequest, at: Date): void {
  if (!wireTrace.isOn) return;
  const query = (request.raw.url ?? "").split("?").slice(1).join("?");
  const body = Buffer.isBuffer(request.body) ? request.body.toString() : "";
  const said = exchangeText(`${request.method} ${receiptPath}…${query ? `?${query}` : ""}`, {}, body);
  const about = JSON.stringify({ connectorId, protocol: "http" });
  // One for all: a call may tell of a thousand, and more of it is not kept.
  const octets = Buffer.from(said.slice(0, mostBytes));
  for (const { id } of told) {
    wireTrace.add({
      kind: "receipt",
      key: id,
      part: 0,
      atMs: at.getTime(),
      durationMs: 0,
      about,
      request: octets,
      response: noBytes,
    });
  }
}

/** Whose an address is, remembered for a moment. */
class Receivers {
  private readonly known = new Map<string, { untilMs: number; receiver: Promise<Receiver | null> }>();

  constructor(private readonly ctx: Context) {}

  find(token: string): Promise<Receiver | null> {
    const nowMs = performance.now();
    const known = this.known.get(token);
    if (known && known.untilMs > nowMs) return known.receiver;
    if (this.known.size >= mostRemembered) this.known.clear();
    const receiver = findReceiver(this.ctx, { token });
    this.known.set(token, { untilMs: nowMs + rememberMs, receiver });
    // An error is nobody's answer but of those who wait for it now.
    receiver.catch(() => this.known.delete(token));
    return receiver;
  }
}

type Waiting = { receipts: IncomingReceipt[]; done(): void; fail(error: unknown): void };
type Group = { receiver: Receiver; waiting: Waiting[]; isRunning: boolean };

/** Calls of a few milliseconds for one connector share a transaction; each is answered after its commit. */
class ReceiptGroups {
  private readonly groups = new Map<string, Group>();

  constructor(private readonly ctx: Context) {}

  add(receiver: Receiver, receipts: IncomingReceipt[]): Promise<void> {
    const { connectorId } = receiver;
    const group = this.groups.get(connectorId) ?? { receiver, waiting: [], isRunning: false };
    this.groups.set(connectorId, group);
    group.receiver = receiver;
    return new Promise((done, fail) => {
      group.waiting.push({ receipts, done, fail });
      if (group.isRunning) return;
      group.isRunning = true;
      setTimeout(() => void this.run(group), groupWaitMs);
    });
  }

  private async run(group: Group): Promise<void> {
    while (group.waiting.length > 0) {
      const calls = group.waiting.splice(0, mostInGroup);
      await this.write(group.receiver, calls).catch((error) => this.apart(group.receiver, calls, error));
    }
    group.isRunning = false;
    this.groups.delete(group.receiver.connectorId);
  }

  /** One that the database refuses for what it is must not fail its neighbours. */
  private async apart(receiver: Receiver, calls: readonly Waiting[], error: unknown): Promise<void> {
    for (const call of calls) {
      if (calls.length === 1) call.fail(error);
      else await this.write(receiver, [call]).catch((own) => call.fail(own));
    }
  }

  private async write(receiver: Receiver, calls: readonly Waiting[]): Promise<void> {
    const receipts = calls.flatMap((call) => call.receipts);
    const { matched, parked } = await recordHttpReceipts(this.ctx, { receiver, receipts });
    receiptCount.inc({ connector: receiver.connectorId, result: "matched" }, matched);
    receiptCount.inc({ connector: receiver.connectorId, result: "parked" }, parked);
    for (const call of calls) call.done();
  }
}
