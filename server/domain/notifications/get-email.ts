/** One e-mail as its recipient gets it; a link that sets a password only for a reader who could set one anyway. */
import { eq, sql } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { emails } from "#db/schema/notifications.ts";
import { tenants } from "#db/schema/tenants.ts";
import { readLogoWithin } from "#server/domain/branding/read-logo.ts";
import { type GetEmail, getEmail as schema } from "#server/domain/notifications/input.ts";
import { type EmailRow, emailColumns } from "#server/domain/notifications/list-emails.ts";
import { logoAddress } from "#server/domain/notifications/render.ts";
import { hasSealedLink, hideLinks, openLinks } from "#server/domain/notifications/secret-link.ts";
import { allow, may } from "#server/kernel/allow.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { notFound } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";
import { parse } from "#server/kernel/parse.ts";

export type EmailInFull = EmailRow & {
  /** A whole document: show it in a sandboxed frame. */
  html: string;
  text: string;
  isLinkHidden: boolean;
};

/**
 * The link of an invitation or a password reset is shown to those who manage users, only while no mail server carries it
 * to its owner, and for an owner's account only to owners: it must not lift anybody above their own role.
 */
export async function getEmail(ctx: Context, input: GetEmail): Promise<EmailInFull> {
  allow(ctx, "emails.read");
  const { id } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx.db
      .select({ ...emailColumns, html: emails.html, text: emails.text })
      .from(emails)
      .innerJoin(tenants, eq(tenants.id, emails.tenantId))
      .where(eq(emails.id, id));
    if (!row) throw notFound("email");
    const logo = row.html.includes(logoAddress) ? await readLogoWithin(ctx, row.tenantId) : null;
    const picture = logo ? `data:image/png;base64,${logo.png.toString("base64")}` : "data:,";
    const html = row.html.replaceAll(logoAddress, picture);
    if (!hasSealedLink(row.text)) return { ...row, html, isLinkHidden: false };
    const hidden = { ...row, html: hideLinks(html), text: hideLinks(row.text), isLinkHidden: true };
    if (row.status !== "kept" || !(await maySeeLink(ctx, row.toAddress))) return hidden;
    try {
      return { ...row, html: openLinks(html, id), text: openLinks(row.text, id), isLinkHidden: false };
    } catch (error) {
      // Sealed with another key: nobody can use the link any more, but the letter can be read.
      log.warn({ err: error, emailId: id }, "a link in an e-mail cannot be opened");
      return hidden;
    }
  });
}

async function maySeeLink(ctx: InTx, toAddress: string): Promise<boolean> {
  if (!may(ctx, "users.write")) return false;
  const [recipient] = await ctx.tx.db
    .select({ role: users.role })
    .from(users)
    .where(sql`lower(${users.email}) = lower(${toAddress})`);
  if (!recipient) return false;
  const { actor } = ctx;
  return actor.type !== "user" || actor.role === "owner" || recipient.role !== "owner";
}
