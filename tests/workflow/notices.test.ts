/** From a verb to somebody's mailbox: outbox, relay, workflow server, the product's jobs, SMTP — all of them real. */
import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import type { Role } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { openMailbox } from "#tests/mailbox.ts";

const db = await testDatabase();
const mailbox = await openMailbox();
mailbox.refuseNext = 2;
// Settings are read once, at the first import.
process.env.SMTP_URL = mailbox.url;
process.env.DATABASE_URL = db.url;

const { closeApp, place, serveApp, startServer, until } = await import("#tests/workflow/harness.ts");
const { contextFor, makeTree } = await import("#tests/factories.ts");
const { notifyCaseDecided, notifyCaseOpened } = await import("#server/jobs/notify-moderation.ts");
const { notifyOrder } = await import("#server/jobs/notify-order.ts");
const { notifySenderAwaited, notifySenderDecided } = await import("#server/jobs/notify-sender.ts");
const { notifyTenant } = await import("#server/jobs/notify-tenant.ts");
const { notifyUserLocked } = await import("#server/jobs/notify-user-locked.ts");
const { sendEmailJob } = await import("#server/jobs/send-email.ts");
const { webDatabase } = await import("#server/auth/database.ts");
const { forwarder } = await import("#workers/relay/forward.ts");
const { systemClock } = await import("#server/kernel/clock.ts");
const { inTransaction, jobContext } = await import("#server/kernel/context.ts");
const { newId } = await import("#server/kernel/id.ts");
const { emit } = await import("#server/kernel/outbox.ts");
const { createOwner } = await import("#server/domain/identity/create-owner.ts");
const { notifyPeople } = await import("#server/domain/identity/notify-people.ts");
const { signIn } = await import("#server/domain/identity/sign-in.ts");
const { orderNearlyUsed } = await import("#server/domain/ledger/events.ts");
const { decideCase } = await import("#server/domain/moderation/decide-case.ts");
const { openCase } = await import("#server/domain/moderation/open-case.ts");
const { decideSender } = await import("#server/domain/senders/decide.ts");
const { registerSender } = await import("#server/domain/senders/register.ts");
const { suspendTenant } = await import("#server/domain/tenants/suspend.ts");

const at = await place("banyan");
const base = { db, clock: systemClock };
const relay = forwarder(db, (events) => at.client.send(events), systemClock.now);
const functions = [
  notifyCaseDecided,
  notifyCaseOpened,
  notifyOrder,
  notifySenderAwaited,
  notifySenderDecided,
  notifyTenant,
  notifyUserLocked,
  sendEmailJob,
];
let app: Server;
let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  app = await serveApp(at, functions);
  server = await startServer(db, at);
  await until(
    "the functions are in",
    async () => (await db.sql`select 1 from workflow_functions`).length >= functions.length,
  );
});
afterAll(async () => {
  await server.close();
  await closeApp(app);
  await webDatabase().close();
  await mailbox.close();
});

async function person(tenant: Tenant, role: Role) {
  const email = `${role}-${newId().slice(-12)}@example.com`;
  const job = jobContext(base, "test", tenant.id, newId());
  await createOwner(job, { tenantId: tenant.id, email, name: role, password: "correct horse battery", role });
  return email;
}

/** Hands events over until the mailbox holds what is expected of these addresses. */
async function received(addresses: string[], count: number): Promise<string[]> {
  const mine = () => mailbox.letters.filter(({ to }) => addresses.includes(to[0] ?? ""));
  await until(`${count} e-mails to ${addresses.join(", ")}`, async () => {
    await relay.pass();
    return mine().length >= count;
  });
  return mine()
    .map((s) => s.subject)
    .sort();
}

describe("people hear of what concerns them", () => {
  it("sender names: who has to decide, then who asked; a mail server that refuses is tried again", async () => {
    const tree = await makeTree(db);
    const moderator = await person(tree.company, "moderator");
    const above = await person(tree.aggregator, "owner");
    const sender = await person(tree.partner, "sender");
    const viewer = await person(tree.partner, "viewer");
    const input = { id: newId(), name: "Acme", purpose: "Order updates" };
    const { id } = await registerSender(contextFor(db, tree.partner.id), input);
    expect(await received([moderator], 1)).toEqual(["Sender name Acme waits for your decision"]);
    await decideSender(contextFor(db, tree.company.id), { id, decision: "approved" });
    expect(await received([above], 1)).toEqual(["Sender name Acme waits for your decision"]);
    await decideSender(contextFor(db, tree.aggregator.id), { id, decision: "rejected", reason: "No papers." });
    expect(await received([sender, viewer], 1)).toEqual(["Sender name Acme was rejected"]);
    expect(mailbox.refuseNext).toBe(0);
  });

  it("content: moderators once in a while, owners of campaigns when decided", async () => {
    const tree = await makeTree(db);
    const moderator = await person(tree.company, "moderator");
    const owner = await person(tree.subaccount, "owner");
    const open = (subjectType: "campaign" | "batch") =>
      inTransaction(contextFor(db, tree.subaccount.id), (ctx) =>
        openCase(ctx, {
          tenantId: tree.subaccount.id,
          subjectType,
          subjectId: newId(),
          senderName: "Acme",
          sampleText: "Sale",
          recipientCount: 10,
          cause: "policy",
          policyTenantId: tree.company.id,
        }),
      );
    const first = await open("campaign");
    const batch = await open("batch");
    expect(await received([moderator], 1)).toEqual(["A message with Acme waits for your decision"]);
    const ctx = contextFor(db, tree.company.id);
    await decideCase(ctx, { id: batch.id, decision: "approved" });
    await decideCase(ctx, { id: first.id, decision: "rejected", reason: "Misleading." });
    expect(await received([owner], 1)).toEqual(["Your message with Acme was rejected"]);
  });

  it("orders on both sides, suspension, and a locked account", async () => {
    const tree = await makeTree(db);
    const seller = await person(tree.company, "finance");
    const buyer = await person(tree.partner, "finance");
    const owner = await person(tree.partner, "owner");
    await inTransaction(contextFor(db, tree.company.id), (ctx) =>
      emit(ctx, orderNearlyUsed, {
        orderId: newId(),
        number: "2026-7",
        sellerId: tree.company.id,
        buyerId: tree.partner.id,
        usedPercent: 80,
        amountMicros: "1000000",
        partsLimit: null,
      }),
    );
    const nearly = "Order 2026-7 is nearly used up";
    expect(await received([seller, buyer], 2)).toEqual([nearly, nearly]);
    await suspendTenant(contextFor(db, tree.company.id), { id: tree.partner.id, reason: "invoice overdue" });
    for (let i = 0; i < 6; i++) await signIn(base, { email: owner, password: "wrong" }).catch(() => {});
    expect(await received([owner], 3)).toEqual([
      nearly,
      "Sending of Partner is suspended",
      "Sign-in to Banyan is locked for a while",
    ]);
  });

  it("is for jobs only, and once a key", async () => {
    const tree = await makeTree(db);
    const email = await person(tree.partner, "owner");
    const notice = {
      to: { roles: ["owner" as const] },
      kind: "tenant_resumed" as const,
      data: { tenantName: "Partner" },
      path: "/console",
      dedupeKey: newId(),
    };
    await expect(notifyPeople(contextFor(db, tree.partner.id), notice)).rejects.toMatchObject({ kind: "forbidden" });
    const job = jobContext(base, "test", tree.partner.id, newId());
    await notifyPeople(job, notice);
    await notifyPeople(job, notice);
    const rows = await db.sql`select 1 from emails where to_address = ${email}`;
    expect(rows).toHaveLength(1);
  });
});
