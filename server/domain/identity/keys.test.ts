/** API keys: shown once, stored as a hash, ended at once, tied to addresses, and nobody else's business. */
import { describe, expect, it } from "vitest";
import { authenticateKey } from "#server/domain/identity/authenticate-key.ts";
import { createKey, listKeys, revokeKey, rollKey } from "#server/domain/identity/keys.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";

const db = await testDatabase();
const clock = { at: new Date(), now: () => clock.at };
const base = { db, clock };
const later = (ms: number) => {
  clock.at = new Date(clock.at.getTime() + ms);
};
const as = (tenant: Tenant, role: Role = "owner") => ({ ...contextFor(db, tenant.id, role), clock });

describe("API keys", () => {
  const ip = "198.51.100.7";
  const input = () => ({ id: newId(), name: "Shop", scopes: ["messages.send" as const, "messages.read" as const] });

  it("are shown once, stored as a hash, and say who asks", async () => {
    const tree = await makeTree(db);
    const wanted = input();
    const { key } = await createKey(as(tree.partner), wanted);
    expect(key).toMatch(/^bk_live_[\w-]{43}$/);
    expect((await createKey(as(tree.partner), wanted)).key).toBeNull();
    expect(await authenticateKey(base, { key: key ?? "", ip })).toMatchObject({
      tenantId: tree.partner.id,
      actor: { type: "apiKey", id: wanted.id, name: "Shop", scopes: ["messages.send", "messages.read"] },
    });
    const [row] = await db.sql`select k::text as all, last_used_at from api_keys k where id = ${wanted.id}`;
    expect(row?.all).not.toContain(key);
    expect(row?.lastUsedAt ?? row?.last_used_at).not.toBeNull();
    const [listed] = await listKeys(as(tree.company), { tenantId: tree.partner.id });
    expect(listed).toMatchObject({ prefix: key?.slice(0, 12) });
    expect(listed).not.toHaveProperty("keyHash");
  });

  it("write their last use at most once a minute", async () => {
    const tree = await makeTree(db);
    const wanted = input();
    const key = (await createKey(as(tree.partner), wanted)).key ?? "";
    const lastUse = async () => {
      await authenticateKey(base, { key, ip });
      const [row] = await db.sql`select last_used_at as at from api_keys where id = ${wanted.id}`;
      return row?.at.getTime();
    };
    const first = await lastUse();
    later(30_000);
    expect(await lastUse()).toBe(first);
    later(31_000);
    expect(await lastUse()).toBe(first + 61_000);
  });

  it("stop at once when revoked, at their hour when they expire or are rolled", async () => {
    const tree = await makeTree(db);
    const wanted = input();
    const key = (await createKey(as(tree.partner), wanted)).key ?? "";
    const dead = { kind: "unauthenticated", code: "invalid_key" };
    await authenticateKey(base, { key, ip });
    const roll = { id: wanted.id, newKeyId: newId(), overlapHours: 2 };
    const rolled = await rollKey(as(tree.partner), roll);
    expect((await rollKey(as(tree.partner), roll)).key).toBeNull();
    await expect(authenticateKey(base, { key, ip })).resolves.toBeDefined();
    later(2 * 3_600_000 + 1_000);
    await expect(authenticateKey(base, { key, ip })).rejects.toMatchObject(dead);
    await expect(authenticateKey(base, { key: rolled.key ?? "", ip })).resolves.toBeDefined();
    await revokeKey(as(tree.partner), { id: roll.newKeyId });
    await revokeKey(as(tree.partner), { id: roll.newKeyId });
    await expect(authenticateKey(base, { key: rolled.key ?? "", ip })).rejects.toMatchObject(dead);
    await expect(rollKey(as(tree.partner), { id: roll.newKeyId, newKeyId: newId() })).rejects.toMatchObject({
      code: "key_revoked",
    });
    await expect(authenticateKey(base, { key: "bk_live_nonsense", ip })).rejects.toMatchObject(dead);
  });

  it("may be tied to addresses", async () => {
    const tree = await makeTree(db);
    const allowedIps = ["203.0.113.0/24", "2001:db8::/32", "198.51.100.1"];
    const key = (await createKey(as(tree.partner), { ...input(), allowedIps })).key ?? "";
    for (const good of ["203.0.113.200", "::ffff:203.0.113.5", "2001:db8:1::2", "198.51.100.1"]) {
      await expect(authenticateKey(base, { key, ip: good })).resolves.toBeDefined();
    }
    for (const bad of ["203.0.114.1", "2001:db9::1", "198.51.100.2", "", "nonsense", "::ffff:1.2.3.4"]) {
      await expect(authenticateKey(base, { key, ip: bad })).rejects.toMatchObject({
        kind: "forbidden",
        code: "ip_not_allowed",
      });
    }
    for (const [expiresAt, code] of [
      [new Date(clock.at.getTime() - 1), "expiry_in_past"],
      [new Date(8.64e15), "invalid_input"],
    ] as const) {
      await expect(createKey(as(tree.partner), { ...input(), expiresAt })).rejects.toMatchObject({ code });
    }
    await expect(createKey(as(tree.partner), { ...input(), allowedIps: ["10.0.0.0/33"] })).rejects.toMatchObject({
      kind: "invalid_input",
    });
  });

  it("are refused to other roles and other tenants", async () => {
    const tree = await makeTree(db);
    const wanted = input();
    await createKey(as(tree.partner), wanted);
    await expect(createKey(as(tree.partner, "sender"), input())).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.subaccount, tree.sibling, tree.stranger]) {
      const gone = { code: "key_not_found" };
      await expect(revokeKey(as(other), { id: wanted.id })).rejects.toMatchObject(gone);
      await expect(rollKey(as(other), { id: wanted.id, newKeyId: newId() })).rejects.toMatchObject(gone);
      const outside = { code: "tenant_not_found" };
      await expect(listKeys(as(other), { tenantId: tree.partner.id })).rejects.toMatchObject(outside);
      await expect(createKey(as(other), { ...input(), tenantId: tree.partner.id })).rejects.toMatchObject(outside);
    }
  });
});
