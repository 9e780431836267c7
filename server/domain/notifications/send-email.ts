/** Sends one queued e-mail by SMTP, in the brand's name and with its logo inside. */
import nodemailer from "nodemailer";
import { env } from "#env.ts";
import { readLogo } from "#server/domain/branding/read-logo.ts";
import { resolveBrand } from "#server/domain/branding/resolve.ts";
import { logoAddress } from "#server/domain/notifications/render.ts";
import { openLinks } from "#server/domain/notifications/secret-link.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";

type Base = Pick<Context, "db" | "clock">;
type Row = { tenantId: string; to: string; subject: string; html: string; text: string; createdAt: Date };

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/**
 * Does nothing for an e-mail that was sent already. A crash between the mail server's answer and the note of it sends
 * twice, with the same Message-ID.
 * @throws unavailable `email_not_sent`: try again later
 */
export async function sendEmail(base: Base, { emailId }: { emailId: string }): Promise<void> {
  const smtpUrl = env.SMTP_URL;
  if (!smtpUrl) return;
  const [row] = await base.db.sql<Row[]>`
    update emails set attempts = attempts + 1 where id = ${emailId} and status = 'queued'
    returning tenant_id as "tenantId", to_address as "to", subject, html, text, created_at as "createdAt"`;
  if (!row) return;
  const { tenantId } = row;
  const brand = await resolveBrand(base, { tenantId });
  const logo = row.html.includes(logoAddress) ? await readLogo(base, { tenantId }) : null;
  const transport = nodemailer.createTransport({ url: smtpUrl, ...timeouts });
  try {
    await transport.sendMail({
      messageId: `<${emailId}@${env.MAIL_FROM.split("@")[1] ?? "localhost"}>`,
      date: row.createdAt,
      from: { name: brand.emailFromName ?? brand.productName, address: env.MAIL_FROM },
      to: { name: "", address: row.to },
      subject: row.subject,
      text: openLinks(row.text, emailId),
      html: openLinks(row.html, emailId),
      attachments: logo ? [{ cid: "logo", filename: "logo.png", contentType: "image/png", content: logo.png }] : [],
      headers: { "Auto-Submitted": "auto-generated" },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 300) : "unknown";
    await base.db.sql`update emails set last_error = ${reason} where id = ${emailId}`;
    throw new DomainError("unavailable", "email_not_sent", "The mail server did not take the e-mail.", { reason });
  } finally {
    transport.close();
  }
  await base.db.sql`
    update emails set status = 'sent', sent_at = ${base.clock.now()}, last_error = null where id = ${emailId}`;
}

/** After the last retry: the e-mail stays readable in the console, with the mail server's last answer. */
export async function failEmail(base: Base, { emailId }: { emailId: string }): Promise<void> {
  await base.db.sql`update emails set status = 'failed' where id = ${emailId} and status = 'queued'`;
}
