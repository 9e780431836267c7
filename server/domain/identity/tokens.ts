/** One-time links: the e-mail carries 256 random bits, the database their hash. */
import { invitations } from "#db/schema/identity.ts";
import { consoleLink } from "#server/domain/branding/console-link.ts";
import type { Locale } from "#server/domain/branding/resolve.ts";
import { queueEmail } from "#server/domain/notifications/queue-email.ts";
import type { InTx } from "#server/kernel/context.ts";
import { hashToken, randomToken } from "#server/kernel/crypto.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";

type Purpose = "invite" | "reset";
const lifeHours: Record<Purpose, number> = { invite: 72, reset: 1 };
/** The token follows a #, which browsers keep to themselves: it is in no server's log and no Referer. */
const pages: Record<Purpose, string> = { invite: "/invitation", reset: "/reset-password" };

export type Addressee = { id: string; tenantId: string; email: string; locale: string | null };

/** Writes the e-mail with a fresh link; links of the same purpose that were sent before stop working. */
export async function sendLink(ctx: InTx, purpose: Purpose, user: Addressee): Promise<void> {
  const token = randomToken();
  const now = ctx.clock.now();
  const hours = lifeHours[purpose];
  await ctx.tx.sql`
    update invitations set used_at = ${now} where user_id = ${user.id} and purpose = ${purpose} and used_at is null`;
  const id = newId();
  await ctx.tx.db.insert(invitations).values({
    id,
    tenantId: user.tenantId,
    userId: user.id,
    purpose,
    tokenHash: hashToken(token),
    expiresAt: new Date(now.getTime() + hours * 3_600_000),
    createdAt: now,
  });
  const page = await consoleLink(ctx, user.tenantId, pages[purpose]);
  await queueEmail(ctx, {
    tenantId: user.tenantId,
    kind: purpose === "invite" ? "user_invited" : "password_reset",
    to: user.email,
    locale: user.locale as Locale | null,
    data: { link: `${page}#${token}`, hours: String(hours) },
    dedupeKey: `link:${id}`,
  });
}

/**
 * Spends a token: it works once, until it expires.
 * @throws invalid_input `link_not_valid`
 */
export async function spendToken(ctx: InTx, purpose: Purpose, token: string): Promise<{ userId: string }> {
  const now = ctx.clock.now();
  const [row] = await ctx.tx.sql<{ userId: string }[]>`
    update invitations set used_at = ${now}
    where token_hash = ${hashToken(token)} and purpose = ${purpose} and used_at is null and expires_at > ${now}
    returning user_id as "userId"`;
  if (!row) throw invalidInput("link_not_valid", "This link was used already or has expired. Ask for a new one.");
  return row;
}
