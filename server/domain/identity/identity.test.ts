/** People: invited, managed from above, never above one's own role; passwords reset. */
import { describe, expect, it, onTestFinished } from "vitest";
import { env } from "#env.ts";
import { acceptInvitation } from "#server/domain/identity/accept-invitation.ts";
import { createOwner } from "#server/domain/identity/create-owner.ts";
import { inviteUser, resendInvitation } from "#server/domain/identity/invite-user.ts";
import { listUsers } from "#server/domain/identity/list-users.ts";
import { disableUser, enableUser, updateUser } from "#server/domain/identity/manage-user.ts";
import { requestPasswordReset, resetPassword } from "#server/domain/identity/reset-password.ts";
import { signIn } from "#server/domain/identity/sign-in.ts";
import { getEmail } from "#server/domain/notifications/get-email.ts";
import { listEmails } from "#server/domain/notifications/list-emails.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { jobContext } from "#server/kernel/context.ts";
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
const password = "correct horse battery";
const freshEmail = () => `${newId()}@example.com`;

/** The token in the newest e-mail to an address, as an owner reads it in the console. */
async function tokenFor(tenant: Tenant, email: string): Promise<string> {
  const { items } = await listEmails(as(tenant), { search: email });
  const [newest] = items;
  if (!newest) throw new Error("no e-mail");
  const { text } = await getEmail(as(tenant), { id: newest.id });
  return /#([\w-]{43})/.exec(text)?.[1] ?? "";
}

const owner = (tenant: Tenant, email = freshEmail()) =>
  createOwner(jobContext(base, "test", tenant.id, newId()), { tenantId: tenant.id, email, name: "Owner", password });

describe("invitations", () => {
  it("can be read without their link when they were sealed with another key", async () => {
    const tree = await makeTree(db);
    const email = freshEmail();
    await inviteUser(as(tree.partner), { id: newId(), email, role: "sender" });
    const id = (await listEmails(as(tree.partner), { search: email })).items[0]?.id ?? "";
    expect((await getEmail(as(tree.partner), { id })).isLinkHidden).toBe(false);
    const usual = env.ENCRYPTION_KEY;
    env.ENCRYPTION_KEY = Buffer.alloc(32, 7).toString("base64");
    onTestFinished(() => {
      env.ENCRYPTION_KEY = usual;
    });
    const letter = await getEmail(as(tree.partner), { id });
    expect(letter.isLinkHidden).toBe(true);
    expect(letter.text).not.toContain("sealed");
  });

  it("carry a link that works once, after which the person can sign in", async () => {
    const tree = await makeTree(db);
    const email = freshEmail();
    const input = { id: newId(), tenantId: tree.partner.id, email, role: "sender" as const };
    const invited = await inviteUser(as(tree.company), input);
    expect(await inviteUser(as(tree.company), input)).toEqual(invited);
    expect((await listEmails(as(tree.partner), { search: email })).items).toHaveLength(1);
    await expect(signIn(base, { email, password })).rejects.toMatchObject({ code: "invalid_credentials" });
    const token = await tokenFor(tree.partner, email);
    await acceptInvitation(base, { token, name: "Minh", password });
    await expect(acceptInvitation(base, { token, name: "Minh", password })).rejects.toMatchObject({
      code: "link_not_valid",
    });
    expect(await signIn(base, { email, password })).toMatchObject({ name: "Minh", role: "sender" });
    await expect(resendInvitation(as(tree.partner), { id: input.id })).rejects.toMatchObject({
      code: "user_not_invited",
    });
  });

  it("stop working when sent again, when they are old, and when the person is disabled", async () => {
    const tree = await makeTree(db);
    const email = freshEmail();
    const { id } = await inviteUser(as(tree.partner), { id: newId(), email, role: "viewer" });
    const first = await tokenFor(tree.partner, email);
    later(1_000);
    await resendInvitation(as(tree.partner), { id });
    const second = await tokenFor(tree.partner, email);
    const accept = (token: string) => acceptInvitation(base, { token, name: "Minh", password });
    const dead = { code: "link_not_valid" };
    await expect(accept(first)).rejects.toMatchObject(dead);
    await disableUser(as(tree.partner), { id });
    await expect(accept(second)).rejects.toMatchObject(dead);
    expect(await enableUser(as(tree.partner), { id })).toMatchObject({ status: "invited" });
    later(73 * 3_600_000);
    await expect(accept(second)).rejects.toMatchObject(dead);
  });

  it("keep their link from those who may not manage users, and a link never stands in the database in clear", async () => {
    const tree = await makeTree(db);
    const email = freshEmail();
    await inviteUser(as(tree.partner), { id: newId(), email, role: "owner" });
    const token = await tokenFor(tree.partner, email);
    const [stored] = await db.sql`select id, html, text from emails where to_address = ${email}`;
    expect(token).toHaveLength(43);
    expect(`${stored?.html}${stored?.text}`).not.toContain(token);
    for (const role of ["support", "manager"] as const) {
      const seen = await getEmail(as(tree.partner, role), { id: stored?.id });
      expect(seen).toMatchObject({ isLinkHidden: true });
      expect(`${seen.html}${seen.text}`).not.toContain(token);
      expect(`${seen.html}${seen.text}`).not.toContain("sealed");
    }
  });

  it("are refused to other roles, above one's own role, for other tenants, and for a known address", async () => {
    const tree = await makeTree(db);
    const input = { id: newId(), email: freshEmail(), role: "owner" as const };
    await expect(inviteUser(as(tree.partner, "support"), input)).rejects.toMatchObject({ kind: "forbidden" });
    await expect(inviteUser(as(tree.partner, "manager"), input)).rejects.toMatchObject({ code: "role_above_own" });
    for (const other of [tree.company, tree.sibling, tree.stranger]) {
      const outside = { code: "tenant_not_found" };
      await expect(inviteUser(as(tree.partner), { ...input, tenantId: other.id })).rejects.toMatchObject(outside);
      await expect(listUsers(as(tree.partner), { tenantId: other.id })).rejects.toMatchObject(outside);
    }
    const { email } = await owner(tree.stranger);
    await expect(inviteUser(as(tree.partner), { ...input, email: email.toUpperCase() })).rejects.toMatchObject({
      code: "email_taken",
    });
  });
});

describe("managing people", () => {
  it("works from above, and not sideways or upwards", async () => {
    const tree = await makeTree(db);
    await owner(tree.subaccount);
    const { id } = await owner(tree.subaccount);
    expect(await updateUser(as(tree.company), { id, role: "viewer" })).toMatchObject({ role: "viewer" });
    expect((await listUsers(as(tree.partner), { tenantId: tree.subaccount.id })).items).toHaveLength(2);
    const above = await owner(tree.company);
    for (const ctx of [as(tree.sibling), as(tree.stranger), as(tree.subaccount)]) {
      const gone = { code: "user_not_found" };
      await expect(updateUser(ctx, { id: above.id, role: "viewer" })).rejects.toMatchObject(gone);
      await expect(disableUser(ctx, { id: above.id })).rejects.toMatchObject(gone);
      await expect(enableUser(ctx, { id: above.id })).rejects.toMatchObject(gone);
      await expect(resendInvitation(ctx, { id: above.id })).rejects.toMatchObject(gone);
    }
    expect(JSON.stringify(await listUsers(as(tree.company), {}))).not.toMatch(/hash|argon/i);
  });

  it("keeps owners out of the hands of managers, and a tenant from losing its last owner", async () => {
    const tree = await makeTree(db);
    const { id } = await owner(tree.partner);
    const above = { code: "role_above_own" };
    await expect(disableUser(as(tree.partner, "manager"), { id })).rejects.toMatchObject(above);
    await expect(updateUser(as(tree.partner, "manager"), { id, role: "viewer" })).rejects.toMatchObject(above);
    const last = { code: "last_owner" };
    await expect(disableUser(as(tree.company), { id })).rejects.toMatchObject(last);
    await expect(updateUser(as(tree.partner), { id, role: "manager" })).rejects.toMatchObject(last);
    const second = await owner(tree.partner);
    const tries = await Promise.allSettled([
      disableUser(as(tree.partner), { id }),
      disableUser(as(tree.partner), { id: second.id }),
    ]);
    expect(tries.filter((t) => t.status === "fulfilled")).toHaveLength(1);
    await disableUser(as(tree.partner), { id: (await activeOwner(tree.partner)) === id ? second.id : id });
  });

  const activeOwner = async (tenant: Tenant) =>
    (await listUsers(as(tenant), {})).items.find((u) => u.status === "active")?.id;

  it("is for jobs only without an invitation", async () => {
    const tree = await makeTree(db);
    const input = { tenantId: tree.partner.id, email: freshEmail(), name: "X", password };
    await expect(createOwner(as(tree.company), input)).rejects.toMatchObject({ kind: "forbidden" });
    const first = await owner(tree.partner, input.email);
    expect((await owner(tree.partner, input.email)).id).toBe(first.id);
    await expect(owner(tree.sibling, input.email)).rejects.toMatchObject({ code: "email_taken" });
  });
});

describe("resetting a password", () => {
  it("answers the same to everybody, works once, and lifts a lock", async () => {
    const tree = await makeTree(db);
    const { email } = await owner(tree.partner);
    for (let i = 0; i < 5; i++) await signIn(base, { email, password: "wrong" }).catch(() => {});
    expect(await requestPasswordReset(base, { email: "nobody@example.com" })).toBeUndefined();
    expect(await requestPasswordReset(base, { email })).toBeUndefined();
    expect(await requestPasswordReset(base, { email })).toBeUndefined();
    expect((await listEmails(as(tree.partner), { search: email })).items).toHaveLength(1);
    const token = await tokenFor(tree.partner, email);
    await expect(acceptInvitation(base, { token, name: "X", password })).rejects.toMatchObject({
      code: "link_not_valid",
    });
    await resetPassword(base, { token, password: "a new long password" });
    await expect(resetPassword(base, { token, password: "a new long password" })).rejects.toMatchObject({
      code: "link_not_valid",
    });
    expect(await signIn(base, { email, password: "a new long password" })).toMatchObject({ sessionVersion: 2 });
    later(3 * 60_000);
    await requestPasswordReset(base, { email });
    const late = await tokenFor(tree.partner, email);
    later(3_700_000);
    await expect(resetPassword(base, { token: late, password })).rejects.toMatchObject({ code: "link_not_valid" });
  });
});
