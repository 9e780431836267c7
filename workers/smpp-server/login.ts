/** From a bind request to a bound client: brake, password, address, limit of binds. Every refusal closes the connection. */
import { Authenticator, type BindRefusal } from "#server/domain/smpp-accounts/authenticate.ts";
import { Brake } from "#server/domain/smpp-accounts/brake.ts";
import { closeBinds, openBind } from "#server/domain/smpp-accounts/live-binds.ts";
import type { BindAccount, BindMode, OpenBind } from "#server/domain/smpp-accounts/work.ts";
import type { Context } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { log } from "#server/kernel/log.ts";
import type { DatabaseGuard } from "#workers/gateway/database-guard.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import type { Client } from "#workers/smpp-server/client.ts";
import { closedCount } from "#workers/smpp-server/metrics.ts";
import { type Verdict, verdictOfError } from "#workers/smpp-server/statuses.ts";

/** Some clients lose an answer that comes together with the end of the connection, and wait for it a minute. */
const refusalLingerMs = 500;
const refusals: Record<BindRefusal | "shut" | "too_many_binds", Verdict> = {
  unknown_system_id: { status: commandStatus.invalidSystemId },
  wrong_password: { status: commandStatus.invalidPassword },
  ip_not_allowed: { status: commandStatus.bindFailed, info: "This address may not bind." },
  inactive: { status: commandStatus.bindFailed, info: "The account is switched off." },
  busy: { status: commandStatus.systemError, info: "Too many binds at once. Try again in a moment." },
  shut: { status: commandStatus.bindFailed, info: "Too many failed binds. Wait some minutes." },
  too_many_binds: { status: commandStatus.bindFailed, info: "The account has all its binds." },
};
/** These may be guesses: they are counted, and answered later each time. */
const guesses = new Set<string>(["unknown_system_id", "wrong_password"]);

const versions = { v34: 0x34, v50: 0x50 };

/**
 * What is spoken with a client, of what it says in its bind. Other values than these are reserved (section 5.2.4 of 3.4,
 * 4.7.13 of 5.0): no status refuses them, and nobody knows what they would mean, so such a client is answered as the version
 * that all later ones contain, and told so.
 */
function spokenVersion({ interface_version: said = 0 }: Pdu): number {
  if (said < versions.v34) return said;
  return said === versions.v50 ? versions.v50 : versions.v34;
}

export type LoginEvents = { onBound(client: Client, account: BindAccount, bind: OpenBind): void };

export class Login {
  private readonly brake = new Brake();
  private readonly authenticator: Authenticator;

  constructor(
    private readonly ctx: Context,
    private readonly owner: string,
    private readonly guard: DatabaseGuard,
    private readonly events: LoginEvents,
  ) {
    this.authenticator = new Authenticator(ctx);
  }

  async bind(client: Client, pdu: Pdu): Promise<void> {
    if (client.isBinding) {
      client.respond(pdu, { status: commandStatus.alreadyBound });
      return;
    }
    client.isBinding = true;
    const systemId = (pdu.system_id ?? "").slice(0, 16);
    const attempt = { systemId, ip: client.ip };
    if (this.brake.isShut({ ...attempt, nowMs: Date.now() })) return this.refuse(client, pdu, "shut", systemId);
    try {
      const password = (pdu.password ?? "").slice(0, 64);
      const verdict = await this.guard.bounded("authenticateMs", () =>
        this.authenticator.check({ ...attempt, password }),
      );
      if (verdict.ok) {
        this.brake.succeeded({ ...attempt, nowMs: Date.now() });
        await this.enter(client, pdu, verdict.account);
        return;
      }
      if (guesses.has(verdict.why)) {
        const waitMs = this.brake.failed({ ...attempt, nowMs: Date.now() });
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      }
      this.refuse(client, pdu, verdict.why, systemId);
    } catch (error) {
      client.respond(pdu, verdictOfError(error));
      client.session.close("the database is away");
    }
  }

  private async enter(client: Client, pdu: Pdu, account: BindAccount): Promise<void> {
    const { owner } = this;
    const bind: OpenBind = {
      id: newId(),
      accountId: account.id,
      tenantId: account.tenantId,
      mode: pdu.command.slice("bind_".length) as BindMode,
      ip: client.ip,
      tls: client.isTls,
      version: spokenVersion(pdu),
      since: new Date(),
    };
    const isOpen = await this.guard.bounded("authenticateMs", () => openBind(this.ctx, { owner, bind }));
    if (!isOpen) return this.refuse(client, pdu, "too_many_binds", account.systemId);
    // It may have gone while we asked.
    if (client.session.state !== "open") {
      await closeBinds(this.ctx, { ids: [bind.id] });
      return;
    }
    client.bindId = bind.id;
    client.version = bind.version;
    // The account's limits first: whatever follows the bind in the same packet counts against them.
    client.applyLimits(account);
    client.respond(
      pdu,
      { status: commandStatus.ok },
      {
        system_id: "SMSC",
        ...(bind.version >= versions.v34 ? { sc_interface_version: bind.version } : {}),
      },
    );
    this.events.onBound(client, account, bind);
    log.info({ accountId: account.id, mode: bind.mode, ip: bind.ip, version: bind.version }, "bound");
  }

  private refuse(client: Client, pdu: Pdu, why: keyof typeof refusals, systemId: string): void {
    closedCount.inc({ reason: why });
    log.warn({ systemId, ip: client.ip, why }, "a bind was refused");
    client.version = spokenVersion(pdu);
    client.respond(pdu, refusals[why]);
    client.session.close(why, refusalLingerMs);
  }
}
