/** SMPP accounts: who opens and changes them, what is kept secret, and how binds are let in. */
import { describe, expect, it } from "vitest";
import { Authenticator } from "#server/domain/smpp-accounts/authenticate.ts";
import { Brake } from "#server/domain/smpp-accounts/brake.ts";
import { createAccount } from "#server/domain/smpp-accounts/create.ts";
import { listAccounts } from "#server/domain/smpp-accounts/list.ts";
import { closeBinds, heartbeat, leaseReceivers, leave, openBind } from "#server/domain/smpp-accounts/live-binds.ts";
import { resetPassword, updateAccount } from "#server/domain/smpp-accounts/update.ts";
import { newId } from "#server/kernel/id.ts";
import { makeAccount } from "#tests/binding.ts";
import { testDatabase } from "#tests/database.ts";
import { workerContext } from "#tests/delivering.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const worker = workerContext(db);
const idOfSystem = () => `s${newId().slice(-11)}`;

describe("accounts", () => {
  it("are opened once, with a password that is shown once and stored as a slow hash", async () => {
    const { subaccount } = await makeTree(db);
    const ctx = contextFor(db, subaccount.id);
    const input = { id: newId(), name: "Billing", systemId: idOfSystem() };
    const made = await createAccount(ctx, input);
    expect(made.password).toMatch(/^\w{8}$/);
    expect(await createAccount(ctx, input)).toMatchObject({ id: input.id, password: null });
    const [row] = await db.sql`select password_hash as hash from smpp_accounts where id = ${input.id}`;
    expect(row?.hash).toMatch(/^\$argon2id\$/);
    const [listed] = await listAccounts(ctx);
    expect(listed).toMatchObject({ systemId: input.systemId, binds: [], receiptsWaiting: 0 });
    expect(JSON.stringify(listed)).not.toContain("$argon2id$");
    const audited = await db.sql`select detail from audit_log where subject_id = ${input.id}`;
    expect(audited).toHaveLength(1);
    expect(JSON.stringify(audited)).not.toContain(made.password ?? "");
  });

  it("have one name each, over all tenants", async () => {
    const tree = await makeTree(db);
    const systemId = idOfSystem();
    await createAccount(contextFor(db, tree.subaccount.id), { id: newId(), name: "One", systemId });
    const again = createAccount(contextFor(db, tree.sibling.id), { id: newId(), name: "Two", systemId });
    await expect(again).rejects.toMatchObject({ code: "system_id_taken", detail: { field: "systemId" } });
    await expect(
      createAccount(contextFor(db, tree.sibling.id), { id: newId(), name: "Two", systemId: "no spaces" }),
    ).rejects.toMatchObject({ kind: "invalid_input" });
  });

  it("are changed by owners and managers of the subtree only", async () => {
    const tree = await makeTree(db);
    const { id } = await makeAccount(db, tree.subaccount.id);
    for (const role of ["sender", "moderator", "finance", "support", "viewer"] as const) {
      const ctx = contextFor(db, tree.subaccount.id, role);
      await expect(updateAccount(ctx, { id, name: "Mine" })).rejects.toMatchObject({ kind: "forbidden" });
      await expect(resetPassword(ctx, { id })).rejects.toMatchObject({ kind: "forbidden" });
    }
    for (const foreign of [tree.sibling, tree.stranger]) {
      const ctx = contextFor(db, foreign.id);
      await expect(updateAccount(ctx, { id, name: "Mine" })).rejects.toMatchObject({ code: "smpp_account_not_found" });
      await expect(listAccounts(ctx, { tenantId: tree.subaccount.id })).rejects.toMatchObject({ kind: "not_found" });
    }
    const above = contextFor(db, tree.company.id, "manager");
    expect(await updateAccount(above, { id, maxPerSecond: 50 })).toMatchObject({ maxPerSecond: 50, maxBinds: 10 });
    expect(await updateAccount(above, { id, maxPerSecond: 50 })).toMatchObject({ maxPerSecond: 50 });
  });
});

describe("binds", () => {
  it("are let in with the password of now, remembered or not", async () => {
    const tree = await makeTree(db);
    const account = await makeAccount(db, tree.subaccount.id);
    const authenticator = new Authenticator(worker);
    const check = (password: string) => authenticator.check({ systemId: account.systemId, password, ip: "192.0.2.1" });
    expect(await check(account.password)).toMatchObject({ ok: true, account: { id: account.id, isActive: true } });
    expect(await check("something")).toEqual({ ok: false, why: "wrong_password" });
    for (let n = 0; n < 100; n += 1) expect((await check(account.password)).ok).toBe(true);
    const { password } = await resetPassword(contextFor(db, tree.partner.id), { id: account.id });
    expect(await check(account.password)).toEqual({ ok: false, why: "wrong_password" });
    expect(await check(password ?? "")).toMatchObject({ ok: true });
    await updateAccount(contextFor(db, tree.partner.id), { id: account.id, status: "disabled" });
    expect(await check(password ?? "")).toEqual({ ok: false, why: "inactive" });
    expect(() => new Authenticator(contextFor(db, tree.partner.id))).toThrow();
  });

  it("and leases of a dead server are free after its time, those of a living one are not", async () => {
    const tree = await makeTree(db);
    const account = await makeAccount(db, tree.subaccount.id, { maxBinds: 1 });
    const [dead, living] = [newId(), newId()];
    const beat = (owner: string, ttlMs: number) => heartbeat(worker, { owner, ttlMs, binds: () => [] });
    const bind = () => ({
      id: newId(),
      accountId: account.id,
      tenantId: account.tenantId,
      mode: "receiver" as const,
      ip: "192.0.2.1",
      tls: false,
      version: 0x34,
      since: new Date(),
    });
    const accountIds = [account.id];
    await beat(dead, 60_000);
    expect(await beat(dead, 60_000)).toBe(true);
    expect(await openBind(worker, { owner: dead, bind: bind() })).toBe(true);
    expect(await leaseReceivers(worker, { owner: dead, accountIds })).toEqual(accountIds);
    await beat(living, 60_000);
    const second = bind();
    expect(await openBind(worker, { owner: living, bind: second })).toBe(false);
    expect(await leaseReceivers(worker, { owner: living, accountIds })).toEqual([]);
    await db.sql`update smpp_servers set expires_at = now() where owner = ${dead}`;
    expect(await openBind(worker, { owner: living, bind: second })).toBe(true);
    expect(await leaseReceivers(worker, { owner: living, accountIds })).toEqual(accountIds);
    await beat(living, 60_000);
    expect(await db.sql`select owner from smpp_binds where account_id = ${account.id}`).toEqual([{ owner: living }]);
    expect(await beat(dead, 60_000)).toBe(false);
    expect(await leaseReceivers(worker, { owner: dead, accountIds })).toEqual([]);
    await closeBinds(worker, { ids: [second.id] });
    await leave(worker, { owner: living });
    expect(await leaseReceivers(worker, { owner: dead, accountIds })).toEqual(accountIds);
    await leave(worker, { owner: dead });
  });
});

describe("the brake", () => {
  it("slows down each failure, shuts after ten, and leaves those in who were there before", () => {
    const brake = new Brake();
    const at = (nowMs: number, ip = "192.0.2.1") => ({ systemId: "acme", ip, nowMs });
    brake.succeeded(at(0, "192.0.2.99"));
    const waits = Array.from({ length: 10 }, (_, n) => brake.failed(at(n)));
    expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(Math.max(...waits)).toBe(4_000);
    expect(brake.isShut(at(10))).toBe(true);
    expect(brake.isShut(at(400_000))).toBe(false);
    for (let n = 0; n < 100; n += 1) brake.failed(at(20, `198.51.100.${n}`));
    expect(brake.isShut(at(30, "203.0.113.1"))).toBe(true);
    expect(brake.isShut(at(30, "192.0.2.99"))).toBe(false);
  });
});
