/** What passes between this room and the servers that hold the binds. */
import type { smppAccounts } from "#db/schema/smpp.ts";
import { type Context, jobContext } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";

type Row = typeof smppAccounts.$inferSelect;

/** An account as a server needs it. */
export type BindAccount = Omit<Row, "passwordHash" | "createdAt" | "updatedAt"> & {
  /** IANA zone of its tenant. */
  timeZone: string;
  /** False when it, its tenant or a tenant above is switched off. */
  isActive: boolean;
};

export type BindMode = "transmitter" | "receiver" | "transceiver";
export type OpenBind = {
  id: string;
  accountId: string;
  tenantId: string;
  mode: BindMode;
  ip: string;
  tls: boolean;
  version: number;
  since: Date;
};

/** These verbs are the servers' own. @throws forbidden */
export function allowServer(ctx: Pick<Context, "actor">): void {
  if (ctx.actor.type !== "job") throw forbidden("smpp.serve");
}

/** The context in which an account's messages are sent and read: nothing but its own tenant's. */
export function bindContext(base: Pick<Context, "db" | "clock">, account: BindAccount, bindId: string): Context {
  const job = jobContext(base, "bind", account.tenantId, bindId);
  return { ...job, actor: { type: "bind", id: account.id, name: account.systemId } };
}
