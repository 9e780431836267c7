/** Signing in: one answer for everything wrong, locks that parallel guesses cannot pass, sessions that end when they must. */
import { verify } from "@node-rs/argon2";
import { describe, expect, it, vi } from "vitest";
import { addHost } from "#server/domain/branding/hosts.ts";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { endSession } from "#server/domain/identity/end-session.ts";
import { loadSession } from "#server/domain/identity/load-session.ts";
import { disableUser, enableUser, updateUser } from "#server/domain/identity/manage-user.ts";
import { changePassword, signOutEverywhere, updateProfile } from "#server/domain/identity/own-account.ts";
import { signIn } from "#server/domain/identity/sign-in.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { suspendTenant } from "#server/domain/tenants/suspend.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

/** As it is, and counted. */
vi.mock("@node-rs/argon2", { spy: true });

const db = await testDatabase();
const clock = { at: new Date("2026-03-01T10:00:00Z"), now: () => clock.at };
const base = { db, clock };
const later = (ms: number) => {
  clock.at = new Date(clock.at.getTime() + ms);
};
const password = "correct horse battery";
const refused = { kind: "unauthenticated", code: "invalid_credentials" };

async function person(tenant: Tenant, role: Role = "owner") {
  const email = `${newId()}@example.com`;
  const job = jobContext(base, "test", tenant.id, newId());
  const user = await createOwner(job, { tenantId: tenant.id, email, name: "Lan", password, role });
  return { ...user, email };
}

describe("signing in", () => {
  it("says who it is, whatever the case of the address", async () => {
    const tree = await makeTree(db);
    const { email, id } = await person(tree.partner, "finance");
    expect(await signIn(base, { email: email.toUpperCase(), password })).toEqual({
      userId: id,
      tenantId: tree.partner.id,
      sessionId: expect.any(String),
      sessionVersion: 1,
      name: "Lan",
      role: "finance",
    });
  });

  it("answers the same, and after the same work, to a wrong password and to an address that nobody has", async () => {
    const tree = await makeTree(db);
    const { email } = await person(tree.partner);
    // A password check takes as long as all the rest ten times over: who asks can tell one from none.
    const checks = vi.mocked(verify);
    for (const address of [email, `no-${email}`]) {
      checks.mockClear();
      await expect(signIn(base, { email: address, password: "wrong" })).rejects.toMatchObject(refused);
      const costs = checks.mock.calls.map(([hash]) => String(hash).split("$").slice(0, 4).join("$"));
      expect(costs).toEqual(["$argon2id$v=19$m=19456,t=2,p=1"]);
    }
  });

  it("locks after five wrong passwords, longer each time, and tells the owner of the account", async () => {
    const tree = await makeTree(db);
    const { email, id } = await person(tree.partner);
    const wrong = () => expect(signIn(base, { email, password: "wrong" })).rejects.toMatchObject(refused);
    for (let i = 0; i < 5; i++) await wrong();
    await expect(signIn(base, { email, password })).rejects.toMatchObject(refused);
    later(61_000);
    await wrong();
    later(61_000);
    await expect(signIn(base, { email, password })).rejects.toMatchObject(refused);
    later(60_000);
    await expect(signIn(base, { email, password })).resolves.toMatchObject({ userId: id });
    await wrong();
    await expect(signIn(base, { email, password })).resolves.toMatchObject({ userId: id });
    const events = await db.sql`select data from outbox where name = 'identity/user.locked' order by id`;
    expect(events.map((e) => e.data.userId)).toEqual([id, id]);
  });

  it("lets at most five of a hundred parallel guesses reach the password", async () => {
    const tree = await makeTree(db);
    const { email, id } = await person(tree.partner);
    const guesses = Array.from({ length: 100 }, (_, i) => signIn(base, { email, password: `guess ${i}` }));
    const answers = await Promise.allSettled(guesses);
    expect(answers.every((a) => a.status === "rejected")).toBe(true);
    const [row] = await db.sql`select failed_attempts as n from users where id = ${id}`;
    expect(row?.n).toBe(5);
  });

  it("stops an address of origin after thirty failures, for a while", async () => {
    const guess = (ip: string) => signIn(base, { email: "nobody@example.com", password: "wrong", ip });
    for (let i = 0; i < 30; i++) await expect(guess("203.0.113.9")).rejects.toMatchObject(refused);
    await expect(guess("203.0.113.9")).rejects.toMatchObject({ kind: "rate_limited", code: "too_many_attempts" });
    await expect(guess("203.0.113.10")).rejects.toMatchObject(refused);
    later(5 * 60_000);
    await expect(guess("203.0.113.9")).rejects.toMatchObject(refused);
  });

  it("lets in people of a suspended tenant, but nobody disabled", async () => {
    const tree = await makeTree(db);
    const boss = await person(tree.partner);
    const { email, id } = await person(tree.partner, "viewer");
    await suspendTenant(contextFor(db, tree.company.id), { id: tree.partner.id, reason: "invoice overdue" });
    await expect(signIn(base, { email, password })).resolves.toBeDefined();
    await disableUser(contextFor(db, tree.partner.id), { id });
    await expect(signIn(base, { email, password })).rejects.toMatchObject(refused);
    await enableUser(contextFor(db, tree.partner.id), { id });
    await expect(signIn(base, { email, password })).resolves.toBeDefined();
    await expect(signIn(base, { email: boss.email, password })).resolves.toBeDefined();
  });

  it("lets in on a branded host its tenant's subtree and those above, and nobody else", async () => {
    const tree = await makeTree(db);
    const host = `h${newId().slice(-12)}.localhost`;
    await addHost(contextFor(db, tree.company.id), { tenantId: tree.partner.id, host });
    for (const tenant of [tree.aggregator, tree.company, tree.partner, tree.subaccount]) {
      const { email } = await person(tenant);
      await expect(signIn(base, { email, password, host: `${host}:3000` })).resolves.toBeDefined();
    }
    for (const tenant of [tree.sibling, tree.stranger]) {
      const { email } = await person(tenant);
      await expect(signIn(base, { email, password, host })).rejects.toMatchObject(refused);
      await expect(signIn(base, { email, password, host: "localhost:3000" })).resolves.toBeDefined();
    }
  });
});

describe("sessions", () => {
  it("end with a change of role, of password, of status, or everywhere at once", async () => {
    const tree = await makeTree(db);
    const { email, id } = await person(tree.partner, "viewer");
    const owner = contextFor(db, tree.partner.id);
    const session = async (word = password) => {
      const claim = await signIn(base, { email, password: word });
      const ctx = await loadSession(base, claim);
      if (!ctx) throw new Error("no session");
      return { claim, ctx };
    };
    const first = await session();
    expect(first.ctx).toMatchObject({ tenantId: tree.partner.id, actor: { type: "user", id, role: "viewer" } });
    await updateUser(owner, { id, name: "Lan Anh" });
    expect(await loadSession(base, first.claim)).not.toBeNull();
    await updateUser(owner, { id, role: "sender" });
    expect(await loadSession(base, first.claim)).toBeNull();

    const second = await session();
    await expect(
      changePassword(second.ctx, { currentPassword: "wrong", newPassword: "another password" }),
    ).rejects.toMatchObject({ code: "wrong_password" });
    await expect(changePassword(second.ctx, { currentPassword: password, newPassword: "short" })).rejects.toMatchObject(
      {
        detail: { field: "newPassword" },
      },
    );
    await changePassword(second.ctx, { currentPassword: password, newPassword: "another password" });
    expect(await loadSession(base, second.claim)).toBeNull();
    await expect(signIn(base, { email, password })).rejects.toMatchObject(refused);

    const third = await session("another password");
    expect(await updateProfile(third.ctx, { name: "L. Anh", locale: "vi" })).toMatchObject({
      name: "L. Anh",
      locale: "vi",
    });
    await signOutEverywhere(third.ctx);
    expect(await loadSession(base, third.claim)).toBeNull();

    const fourth = await session("another password");
    await disableUser(owner, { id });
    expect(await loadSession(base, fourth.claim)).toBeNull();
  });

  it("end one by one when they are signed out, for good and for every copy", async () => {
    const tree = await makeTree(db);
    const { email, id } = await person(tree.partner);
    const [laptop, phone] = [await signIn(base, { email, password }), await signIn(base, { email, password })];
    await endSession(base, { ...laptop, userId: newId() });
    expect(await loadSession(base, laptop)).not.toBeNull();
    await endSession(base, laptop);
    await endSession(base, laptop);
    expect(await loadSession(base, laptop)).toBeNull();
    expect(await loadSession(base, phone)).toMatchObject({ actor: { id } });
    const rows = await db.sql`select 1 from audit_log where subject_id = ${id} and action = 'identity.sign_out'`;
    expect(rows).toHaveLength(1);
  });

  it("are refused for what is no id, and own-account verbs to whoever is no person", async () => {
    expect(await loadSession(base, { userId: "x", sessionId: newId(), sessionVersion: 1 })).toBeNull();
    expect(await loadSession(base, { userId: newId(), sessionId: "x", sessionVersion: 1 })).toBeNull();
    expect(await loadSession(base, { userId: newId(), sessionId: newId(), sessionVersion: Number.NaN })).toBeNull();
    await expect(signOutEverywhere(jobContext(base, "test", newId(), newId()))).rejects.toMatchObject({
      kind: "forbidden",
    });
  });

  it("cannot be used to guess the password without end", async () => {
    const tree = await makeTree(db);
    const { email } = await person(tree.partner);
    const ctx = await loadSession(base, await signIn(base, { email, password }));
    if (!ctx) throw new Error("no session");
    const guess = () => changePassword(ctx, { currentPassword: "wrong", newPassword: "another password" });
    for (let i = 0; i < 10; i++) await expect(guess()).rejects.toMatchObject({ code: "wrong_password" });
    await expect(guess()).rejects.toMatchObject({ code: "too_many_attempts" });
  });
});
