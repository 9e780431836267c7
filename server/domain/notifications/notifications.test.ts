/** E-mails: branded, in the reader's language, written once, sent over a real socket, kept when there is no server. */
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { EmailData, EmailKind } from "#server/domain/notifications/kinds.ts";
import type { Tenant } from "#server/domain/tenants/scope.ts";
import { newId } from "#server/kernel/id.ts";
import type { Role } from "#server/kernel/permissions.ts";
import { testDatabase } from "#tests/database.ts";
import { contextFor, makeTree } from "#tests/factories.ts";
import { openMailbox } from "#tests/mailbox.ts";

const mailbox = await openMailbox();
// The settings are read once, at the first import: the mail server's port must be known before.
process.env.SMTP_URL = mailbox.url;
process.env.MAIL_FROM = "no-reply@sms.example";

const { env } = await import("#env.ts");
const { inTransaction } = await import("#server/kernel/context.ts");
const { updateBrand } = await import("#server/domain/branding/update-brand.ts");
const { uploadLogo } = await import("#server/domain/branding/upload-logo.ts");
const { queueEmail } = await import("#server/domain/notifications/queue-email.ts");
const { failEmail, sendEmail } = await import("#server/domain/notifications/send-email.ts");
const { getEmail } = await import("#server/domain/notifications/get-email.ts");
const { listEmails } = await import("#server/domain/notifications/list-emails.ts");
const { en } = await import("#server/domain/notifications/templates/en.ts");
const { vi } = await import("#server/domain/notifications/templates/vi.ts");
const { ru } = await import("#server/domain/notifications/templates/ru.ts");

const db = await testDatabase();
const base = { db, clock: { now: () => new Date() } };
const as = (tenant: Tenant, role: Role = "owner") => contextFor(db, tenant.id, role);
const link = "http://localhost:3000/console/senders";

afterAll(() => mailbox.close());
beforeEach(() => {
  mailbox.letters.length = 0;
});

function queue<K extends EmailKind>(
  tenant: Tenant,
  kind: K,
  data: EmailData<K>,
  extra: { key?: string; to?: string } = {},
) {
  const { key = newId(), to = "lan@example.com" } = extra;
  return inTransaction(as(tenant), (ctx) =>
    queueEmail(ctx, { tenantId: tenant.id, kind, to, locale: "vi", data, dedupeKey: key }),
  );
}
const approved = { senderName: "Acme", link };
const statusOf = async (id: string) =>
  (await db.sql`select status, attempts, last_error from emails where id = ${id}`)[0];

describe("writing", () => {
  it("uses the tenant's brand and the reader's language, and names nobody above", async () => {
    const tree = await makeTree(db);
    await updateBrand(as(tree.aggregator), {
      tenantId: tree.aggregator.id,
      productName: "Hub Central",
      primaryColor: "#000000",
      accentColor: "#000000",
    });
    await updateBrand(as(tree.partner), {
      tenantId: tree.partner.id,
      productName: "Sao Mai <SMS>",
      primaryColor: "#1d4ed8",
      accentColor: "#1d4ed8",
      supportEmail: "help@saomai.example",
    });
    const { emailId } = await queue(tree.subaccount, "sender_approved", approved);
    const email = await getEmail(as(tree.subaccount), { id: emailId });
    expect(email.subject).toBe("Tên gửi Acme đã được duyệt");
    expect(email.html).toContain("Sao Mai &lt;SMS&gt;");
    expect(email.html).toContain("#1d4ed8");
    expect(email.text).toContain("help@saomai.example");
    expect(`${email.html}${email.text}`).not.toMatch(/Hub Central|Banyan|Company|Aggregator/);
  });

  it("escapes what people wrote, and keeps a subject to one line", async () => {
    const tree = await makeTree(db);
    const { emailId } = await queue(tree.partner, "sender_review", {
      senderName: `<img src=x onerror="alert(1)">`,
      tenantName: "Evil\r\nBcc: all@example.com {link}",
      link: "https://example.com/?a=1&b='2'",
    });
    const email = await getEmail(as(tree.partner), { id: emailId });
    expect(email.html).not.toContain("<img");
    expect(email.html).toContain("&lt;img");
    expect(email.subject).not.toMatch(/[\r\n]/);
    expect(email.html).toContain("{link}");
  });

  it("happens once a key, and announces itself to the sending job", async () => {
    const tree = await makeTree(db);
    const key = newId();
    const first = await queue(tree.partner, "sender_approved", approved, { key });
    expect(await queue(tree.partner, "sender_approved", approved, { key })).toEqual(first);
    const events = await db.sql`select name from outbox where data->>'emailId' = ${first.emailId}`;
    expect(events.map((e) => e.name)).toEqual(["notifications/email.queued"]);
  });

  it("has every text in three languages with the same placeholders", () => {
    const placeholders = (text: unknown) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
    for (const other of [vi, ru]) {
      expect(Object.keys(other)).toEqual(Object.keys(en));
      for (const kind of Object.keys(en) as (keyof typeof en)[]) {
        expect(new Set(placeholders(other[kind])), kind).toEqual(new Set(placeholders(en[kind])));
      }
    }
  });
});

describe("sending", () => {
  it("goes out once, with the brand's name and logo and the stored link opened", async () => {
    const tree = await makeTree(db);
    const { default: sharp } = await import("sharp");
    const png = await sharp({ create: { width: 40, height: 20, channels: 3, background: "#ff0000" } })
      .png()
      .toBuffer();
    await uploadLogo(as(tree.partner), { tenantId: tree.partner.id, imageBase64: png.toString("base64") });
    const secret = "http://localhost:3000/invitation#s3cretToken";
    const { emailId } = await queue(tree.partner, "user_invited", { link: secret, hours: "72" });
    await sendEmail(base, { emailId });
    await sendEmail(base, { emailId });
    expect(mailbox.letters).toHaveLength(1);
    const [letter] = mailbox.letters;
    expect(letter).toMatchObject({ from: "no-reply@sms.example", to: ["lan@example.com"] });
    expect(letter?.source).toContain("From: Partner <no-reply@sms.example>");
    expect(letter?.source).toContain(`Message-ID: <${emailId}@sms.example>`);
    expect(letter?.source).toContain("Content-ID: <logo>");
    const decoded = (letter?.source ?? "").replace(/=\r\n/g, "").replaceAll("=3D", "=");
    expect(decoded).toContain(secret);
    expect(await statusOf(emailId)).toMatchObject({ status: "sent", attempts: 1 });
    const shown = await getEmail(as(tree.partner), { id: emailId });
    expect(shown.isLinkHidden).toBe(true);
    expect(shown.html).toContain("data:image/png;base64,");
    expect(shown.html + shown.text).not.toContain("s3cretToken");
  });

  it("is tried again after a refusal, and given up without being lost", async () => {
    const tree = await makeTree(db);
    mailbox.refuseNext = 1;
    const { emailId } = await queue(tree.partner, "sender_approved", approved);
    await expect(sendEmail(base, { emailId })).rejects.toMatchObject({ code: "email_not_sent" });
    expect(await statusOf(emailId)).toMatchObject({ status: "queued", attempts: 1 });
    await sendEmail(base, { emailId });
    expect(await statusOf(emailId)).toMatchObject({ status: "sent", attempts: 2, last_error: null });
    const second = await queue(tree.partner, "sender_approved", approved);
    await failEmail(base, second);
    await sendEmail(base, second);
    expect(await statusOf(second.emailId)).toMatchObject({ status: "failed" });
    expect(mailbox.letters).toHaveLength(1);
  });

  it("gives up on a server that is not there within the time a step has", async () => {
    const tree = await makeTree(db);
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const dead = (closed.address() as AddressInfo).port;
    await new Promise<void>((resolve) => closed.close(() => resolve()));
    const { emailId } = await queue(tree.partner, "sender_approved", approved);
    const before = env.SMTP_URL;
    env.SMTP_URL = `smtp://127.0.0.1:${dead}`;
    try {
      await expect(sendEmail(base, { emailId })).rejects.toMatchObject({ kind: "unavailable" });
    } finally {
      env.SMTP_URL = before;
    }
  });

  it("keeps every e-mail for the console when there is no mail server", async () => {
    const tree = await makeTree(db);
    const before = env.SMTP_URL;
    env.SMTP_URL = undefined;
    try {
      const { emailId } = await queue(tree.partner, "sender_approved", approved);
      await sendEmail(base, { emailId });
      expect(await statusOf(emailId)).toMatchObject({ status: "kept", attempts: 0 });
    } finally {
      env.SMTP_URL = before;
    }
  });
});

describe("reading", () => {
  it("shows the subtree's e-mails to those who may, page by page", async () => {
    const tree = await makeTree(db);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await queue(tree.subaccount, "sender_approved", approved, { to: `p${i}@example.com` })).emailId);
    }
    const first = await listEmails(as(tree.partner, "support"), { limit: 3 });
    const rest = await listEmails(as(tree.partner, "support"), { limit: 3, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...rest.items].map((e) => e.id)).toEqual(ids.reverse());
    expect(rest.nextCursor).toBeNull();
    expect(first.items[0]).not.toHaveProperty("html");
    expect((await listEmails(as(tree.partner), { search: "P3@" })).items).toHaveLength(1);
    expect((await listEmails(as(tree.partner), { search: "%" })).items).toHaveLength(0);
    await expect(listEmails(as(tree.partner, "sender"), {})).rejects.toMatchObject({ kind: "forbidden" });
    for (const other of [tree.sibling, tree.stranger]) {
      expect((await listEmails(as(other), {})).items).toEqual([]);
      await expect(getEmail(as(other), { id: ids[0] ?? "" })).rejects.toMatchObject({ code: "email_not_found" });
      await expect(listEmails(as(other), { tenantId: tree.subaccount.id })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    }
  });
});
