/** Gives suites an SMPP server of ours, accounts that may bind to it, and what became of their messages. */
import { eq } from "drizzle-orm";
import { onTestFinished } from "vitest";
import type { Database } from "#db/client.ts";
import { smppAccounts } from "#db/schema/smpp.ts";
import { applyTransitions } from "#server/domain/messages/transition.ts";
import { createAccount } from "#server/domain/smpp-accounts/create.ts";
import type { CreateAccount } from "#server/domain/smpp-accounts/input.ts";
import { asSystem } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import { workerContext } from "#tests/delivering.ts";
import { type EsmeOptions, TestEsme } from "#tests/esme.ts";
import { contextFor } from "#tests/factories.ts";
import type { Answer } from "#workers/smpp/session.ts";
import { SmppServer, type SmppServerOptions } from "#workers/smpp-server/server.ts";

export async function startServer(
  db: Database,
  options: Partial<SmppServerOptions> = {},
): Promise<{ server: SmppServer; port: number }> {
  const server = new SmppServer({ db, ...options });
  onTestFinished(() => server.close());
  await server.start();
  return { server, port: await server.listen(0, "127.0.0.1") };
}

export type Account = { id: string; tenantId: string; systemId: string; password: string };

export async function makeAccount(
  db: Database,
  tenantId: string,
  change: Partial<CreateAccount> = {},
): Promise<Account> {
  const id = newId();
  const systemId = `c${id.replaceAll("-", "").slice(-12)}`;
  const made = await createAccount(contextFor(db, tenantId), { id, name: "Client", systemId, ...change });
  if (made.password === null) throw new Error("The account was there already.");
  return { id, tenantId, systemId, password: made.password };
}

export async function changeAccount(
  db: Database,
  id: string,
  change: Partial<typeof smppAccounts.$inferInsert>,
): Promise<void> {
  await db.asSystem((tx) => tx.db.update(smppAccounts).set(change).where(eq(smppAccounts.id, id)));
}

/** Bound, or an error. */
export async function bind(
  port: number,
  { systemId, password }: Pick<Account, "systemId" | "password">,
  options: Partial<EsmeOptions> = {},
): Promise<TestEsme> {
  const esme = await TestEsme.open({ port, systemId, password, ...options });
  onTestFinished(() => esme.session.close("the test is over"));
  if (statusOf(esme.bound) !== 0) throw new Error(`Not bound: ${JSON.stringify(esme.bound)}`);
  return esme;
}

/** Null when there was no answer. */
export const statusOf = (answer: Answer): number | null =>
  answer.kind === "response" ? answer.pdu.command_status : null;

/** @throws when the answer is not success */
export function idOf(answer: Answer): string {
  if (answer.kind !== "response" || answer.pdu.command_status !== 0) throw new Error(JSON.stringify(answer));
  return answer.pdu.message_id ?? "";
}

/** As a carrier's receipts would: the messages end, and who asked for it is told. */
export async function endMessages(
  db: Database,
  ids: readonly string[],
  status: "delivered" | "undelivered" | "failed" | "expired" = "delivered",
  errorCode?: string,
): Promise<void> {
  await asSystem(workerContext(db), async (ctx) => {
    const before = status === "failed" || status === "expired" ? [] : ids;
    await applyTransitions(
      ctx,
      before.map((messageId) => ({ messageId, status: "sent" as const })),
    );
    await applyTransitions(
      ctx,
      ids.map((messageId) => ({ messageId, status, ...(errorCode ? { errorCode } : {}) })),
    );
    await ctx.tx.sql`delete from send_queue where message_id = any(${[...ids]}::uuid[])`;
  });
}
