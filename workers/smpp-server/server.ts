/** The SMPP server: listens, keeps accounts and their clients, closes who may not be here any more. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Database } from "#db/client.ts";
import { expireParts } from "#server/domain/messages/park-parts.ts";
import { outgoingReceiptsChannel } from "#server/domain/messages/queue-receipts.ts";
import { submitGroup } from "#server/domain/messages/submit.ts";
import { closeBinds, heartbeat, leave } from "#server/domain/smpp-accounts/live-binds.ts";
import { loadAccounts } from "#server/domain/smpp-accounts/load-accounts.ts";
import { type BindAccount, bindContext, type OpenBind } from "#server/domain/smpp-accounts/work.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import { type Accumulator, accumulator } from "#workers/accumulator.ts";
import { DatabaseGuard } from "#workers/gateway/database-guard.ts";
import { AccountState } from "#workers/smpp-server/account-state.ts";
import { Client, type ClientTimers } from "#workers/smpp-server/client.ts";
import { Login } from "#workers/smpp-server/login.ts";
import { closedCount, sessionGauge } from "#workers/smpp-server/metrics.ts";
import { Outbox } from "#workers/smpp-server/outbox.ts";
import { handleRequest } from "#workers/smpp-server/requests.ts";
import { Throttle } from "#workers/throttle.ts";

export type SmppServerOptions = {
  db: Database;
  timers?: Partial<ClientTimers>;
  /** Connections in all, and of one address those that have not bound yet. */
  maxSessions?: number;
  maxUnboundPerAddress?: number;
};
export type Tls = { cert: Buffer; key: Buffer };

const defaultTimers: ClientTimers = { bindTimeoutMs: 8_000, enquireLinkMs: 30_000, responseTimeoutMs: 30_000 };
const pollMs = 1_000;
const heartbeatMs = 2_000;
const leaseTtlMs = 8_000;
const expireMs = 10_000;
const handshakeMs = 8_000;
const standstillMs = 60_000;

export class SmppServer {
  private readonly owner = newId();
  private readonly ctx: Context;
  private readonly accounts = new Map<string, AccountState>();
  private readonly clients = new Set<Client>();
  private readonly binds = new Map<Client, OpenBind>();
  private readonly listeners: Server[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unbound = new Map<string, number>();
  private readonly outbox: Outbox;
  private readonly groups: Accumulator;
  private readonly login: Login;
  private readonly throttle: Throttle;
  private listening: { unlisten(): Promise<void> } | null = null;
  private polledAtMs = performance.now();
  private isPolling = false;
  private isBeating = false;
  private isStopping = false;

  constructor(private readonly options: SmppServerOptions) {
    const base = { db: options.db, clock: systemClock };
    const guard = new DatabaseGuard({ authenticateMs: 8_000, handleMs: 10_000 });
    this.ctx = jobContext(base, "smpp-server", nilId, this.owner);
    this.outbox = new Outbox(this.ctx, this.owner);
    this.groups = accumulator({
      submit: (requests) => guard.bounded("handleMs", () => submitGroup(base, requests)),
    });
    this.throttle = new Throttle(base, "smpp-server");
    this.login = new Login(this.ctx, this.owner, guard, {
      onBound: (client, account, bind) => this.entered(client, account, bind),
    });
  }

  get isReady(): boolean {
    return this.listeners.length > 0 && !this.isStopping;
  }
  /** False when it stopped looking after its accounts. */
  get isLive(): boolean {
    return performance.now() - this.polledAtMs < standstillMs;
  }

  /** Makes itself known, so that binds may be counted and receipts leased. */
  async start(): Promise<void> {
    await this.beat();
    await this.throttle.start();
    this.listening = await this.options.db.sql.listen(outgoingReceiptsChannel, (id) => this.outbox.notify(id));
    this.timers.push(
      setInterval(() => void this.poll(), pollMs),
      setInterval(() => void this.beat(), heartbeatMs),
      setInterval(() => void this.expire(), expireMs),
    );
  }

  /** Port 0 takes any free one. @returns the port */
  async listen(port: number, host: string, tls?: Tls): Promise<number> {
    // A client may end its side and still read answers: the session ends ours.
    const allowHalfOpen = true;
    const server = tls
      ? createTlsServer({ ...tls, handshakeTimeout: handshakeMs, noDelay: true, allowHalfOpen }, (socket) =>
          this.welcome(socket, true),
        )
      : createServer({ allowHalfOpen }, (socket) => this.welcome(socket, false));
    server.maxConnections = this.options.maxSessions ?? 5_000;
    // A handshake that fails is the client's trouble.
    server.on("tlsClientError", (_: Error, socket: Socket) => socket.destroy());
    server.listen(port, host);
    await once(server, "listening");
    this.listeners.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** Takes nothing new, answers what is in hand, says goodbye. */
  async close(): Promise<void> {
    this.isStopping = true;
    for (const server of this.listeners) server.close();
    for (const timer of this.timers) clearInterval(timer);
    await this.listening?.unlisten().catch(() => {});
    for (const state of this.accounts.values()) state.assembler.flush();
    await this.groups.drain();
    await Promise.all([...this.clients].map((client) => client.dismiss("the server stops")));
    await this.outbox.stop();
    await this.throttle.stop();
    await leave(this.ctx, { owner: this.owner }).catch((error) => log.warn({ err: error }, "could not leave cleanly"));
  }

  private welcome(socket: Socket, isTls: boolean): void {
    const ip = socket.remoteAddress ?? "";
    const waiting = this.unbound.get(ip) ?? 0;
    if (this.isStopping || waiting >= (this.options.maxUnboundPerAddress ?? 200)) {
      closedCount.inc({ reason: "too_many_unbound" });
      socket.on("error", () => {});
      socket.destroy();
      return;
    }
    this.unbound.set(ip, waiting + 1);
    const client = new Client(
      socket,
      isTls,
      { ...defaultTimers, ...this.options.timers },
      {
        onBind: (client, pdu) => void this.login.bind(client, pdu),
        onRequest: (client, pdu) => handleRequest(client, pdu),
        onClose: (client) => this.left(client, ip),
      },
    );
    this.clients.add(client);
    sessionGauge.inc({ state: "unbound" });
  }

  private noLongerUnbound(ip: string): void {
    const left = (this.unbound.get(ip) ?? 1) - 1;
    if (left > 0) this.unbound.set(ip, left);
    else this.unbound.delete(ip);
    sessionGauge.dec({ state: "unbound" });
  }

  private entered(client: Client, account: BindAccount, bind: OpenBind): void {
    let state = this.accounts.get(account.id);
    if (!state) {
      state = new AccountState(account, bindContext(this.ctx, account, bind.id), this.groups, this.throttle);
      this.accounts.set(account.id, state);
    } else state.update(account);
    state.clients.add(client);
    client.state = state;
    this.throttle.know(account.tenantId)?.catch(() => {});
    this.binds.set(client, bind);
    this.noLongerUnbound(client.peer);
    sessionGauge.inc({ state: "bound" });
    if (client.takesReceipts) this.outbox.of(account.id).join(client);
  }

  private left(client: Client, ip: string): void {
    this.clients.delete(client);
    const { state, bindId } = client;
    if (!state || !bindId) {
      this.noLongerUnbound(ip);
      return;
    }
    sessionGauge.dec({ state: "bound" });
    this.binds.delete(client);
    state.clients.delete(client);
    const { id } = state.account;
    if (this.outbox.of(id).leave(client) && !this.isStopping) void this.outbox.release(id);
    if (state.clients.size === 0) this.accounts.delete(id);
    if (this.isStopping) return;
    closeBinds(this.ctx, { ids: [bindId] }).catch((error) => log.warn({ err: error, bindId }, "a bind stays listed"));
  }

  /** Parts whose others never came. */
  private async expire(): Promise<void> {
    await expireParts(this.ctx).catch((error) => log.warn({ err: error }, "could not end incomplete messages"));
  }

  /** Once a second: settings that changed, accounts that were switched off, receipts that nobody announced. */
  private async poll(): Promise<void> {
    this.outbox.poll();
    this.closeIdle();
    if (this.isPolling) return;
    this.isPolling = true;
    try {
      const ids = [...this.accounts.keys()];
      const found = ids.length > 0 ? await loadAccounts(this.ctx, { ids }) : [];
      const byId = new Map(found.map(({ passwordHash: _, ...account }) => [account.id, account]));
      for (const [id, state] of this.accounts) {
        const account = byId.get(id);
        await this.throttle.know(state.account.tenantId);
        if (account?.isActive) state.update(account);
        else if (ids.includes(id))
          for (const client of state.clients) void client.dismiss("the account is switched off");
      }
      this.polledAtMs = performance.now();
    } catch (error) {
      // The database being away is no standing still.
      this.polledAtMs = performance.now();
      log.warn({ err: error }, "could not look at accounts, trying again");
    } finally {
      this.isPolling = false;
    }
  }

  private closeIdle(): void {
    const nowMs = Date.now();
    for (const client of this.binds.keys()) {
      const idleMs = (client.account?.inactivitySeconds ?? 0) * 1_000;
      if (idleMs > 0 && client.session.unansweredCount === 0 && nowMs - client.busyAtMs > idleMs) {
        closedCount.inc({ reason: "inactive" });
        void client.dismiss("nothing was sent for too long");
      }
    }
  }

  private async beat(): Promise<void> {
    if (this.isBeating) return;
    this.isBeating = true;
    try {
      const binds = () => [...this.binds.values()];
      const wasKnown = await heartbeat(this.ctx, { owner: this.owner, ttlMs: leaseTtlMs, binds });
      if (!wasKnown) this.outbox.dropAll();
    } catch (error) {
      if (this.listeners.length === 0) throw error;
      log.warn({ err: error }, "could not say that this server lives, trying again");
    } finally {
      this.isBeating = false;
    }
  }
}
