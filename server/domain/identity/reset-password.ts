/** A forgotten password: a link by e-mail, and a new password for whoever holds it. */
import { eq, sql } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { tenants } from "#db/schema/tenants.ts";
import {
  type RequestPasswordReset,
  type ResetPassword,
  requestPasswordReset as requestSchema,
  resetPassword as resetSchema,
} from "#server/domain/identity/input.ts";
import { hashPassword } from "#server/domain/identity/password.ts";
import { asPerson } from "#server/domain/identity/person-context.ts";
import { sendLink, spendToken } from "#server/domain/identity/tokens.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, jobContext } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { parse } from "#server/kernel/parse.ts";

type Base = Pick<Context, "db" | "clock">;

/** An address cannot be flooded: this many minutes between two e-mails to it. */
const quietMinutes = 2;

/** Answers the same whether the address has an account or not. */
export async function requestPasswordReset(base: Base, input: RequestPasswordReset): Promise<void> {
  const { email } = parse(requestSchema, input);
  await asSystem(jobContext(base, "password-reset", nilId, newId()), async (ctx) => {
    const [found] = await ctx.tx.db
      .select({ user: users, locale: tenants.locale })
      .from(users)
      .innerJoin(tenants, eq(tenants.id, users.tenantId))
      .where(sql`lower(${users.email}) = lower(${email}) and ${users.status} = 'active'`)
      .for("update", { of: users });
    if (!found) return;
    const quietSince = new Date(ctx.clock.now().getTime() - quietMinutes * 60_000);
    const [recent] = await ctx.tx.sql`
      select 1 from invitations where user_id = ${found.user.id} and purpose = 'reset' and created_at > ${quietSince}`;
    if (recent) return;
    await sendLink(ctx, "reset", { ...found.user, locale: found.user.locale ?? found.locale });
    await audit(asPerson(ctx, found.user), {
      action: "identity.request_password_reset",
      subjectType: "user",
      subjectId: found.user.id,
    });
  });
}

/**
 * Ends every session and lifts a lock-out.
 * @throws invalid_input `link_not_valid`
 */
export async function resetPassword(base: Base, input: ResetPassword): Promise<{ userId: string; email: string }> {
  const { token, password } = parse(resetSchema, input);
  const passwordHash = await hashPassword(password);
  return asSystem(jobContext(base, "password-reset", nilId, newId()), async (ctx) => {
    const { userId } = await spendToken(ctx, "reset", token);
    const [user] = await ctx.tx.db.select().from(users).where(eq(users.id, userId)).for("update");
    if (user?.status !== "active") throw invalidInput("link_not_valid", "This link is no longer valid.");
    await ctx.tx.db
      .update(users)
      .set({
        passwordHash,
        failedAttempts: 0,
        lockedUntil: null,
        sessionVersion: user.sessionVersion + 1,
        updatedAt: ctx.clock.now(),
      })
      .where(eq(users.id, userId));
    await audit(asPerson(ctx, user), { action: "identity.reset_password", subjectType: "user", subjectId: userId });
    return { userId, email: user.email };
  });
}
