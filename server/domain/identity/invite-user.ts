/** Invites a person by e-mail, into the actor's tenant or one below it. */
import { and, eq } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import {
  type InviteUser,
  userId as idSchema,
  inviteUser as inviteSchema,
  type UserId,
} from "#server/domain/identity/input.ts";
import { checkRank, lockUser, type User, userColumns, userInScope } from "#server/domain/identity/scope.ts";
import { sendLink } from "#server/domain/identity/tokens.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * An address belongs to one account in the whole installation. Idempotent by `input.id`.
 * @throws conflict `email_taken` · forbidden `role_above_own`
 */
export async function inviteUser(ctx: Context, input: InviteUser): Promise<User> {
  allow(ctx, "users.write");
  const { id, email, role, locale, tenantId = ctx.tenantId } = parse(inviteSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const tenant = await tenantInScope(ctx, tenantId);
    checkRank(ctx, role);
    const now = ctx.clock.now();
    const [user] = await ctx.tx.db
      .insert(users)
      .values({ id, tenantId, email, name: email, role, locale, createdAt: now, updatedAt: now })
      .onConflictDoNothing()
      .returning(userColumns);
    if (!user) {
      const [known] = await ctx.tx.db
        .select(userColumns)
        .from(users)
        .where(and(eq(users.id, id), eq(users.tenantId, tenantId)));
      if (known?.email === email) return known;
      throw conflict("email_taken", "This address has an account already. Use another one.", { field: "email" });
    }
    await audit(ctx, {
      action: "identity.invite",
      subjectType: "user",
      subjectId: id,
      tenantId,
      detail: { email, role },
    });
    await sendLink(ctx, "invite", { ...user, locale: locale ?? tenant.locale });
    return user;
  });
}

/** Sends a fresh link; the one sent before stops working. @throws conflict `user_not_invited` */
export async function resendInvitation(ctx: Context, input: UserId): Promise<User> {
  allow(ctx, "users.write");
  const { id } = parse(idSchema, input);
  return inTransaction(ctx, async (ctx) => {
    const user = await lockUser(ctx, id);
    checkRank(ctx, user.role);
    if (user.status !== "invited") {
      throw conflict("user_not_invited", "This person has accepted already, or is disabled.");
    }
    const tenant = await tenantInScope(ctx, user.tenantId);
    await sendLink(ctx, "invite", { ...user, locale: user.locale ?? tenant.locale });
    await audit(ctx, {
      action: "identity.resend_invitation",
      subjectType: "user",
      subjectId: id,
      tenantId: user.tenantId,
    });
    return userInScope(ctx, id);
  });
}
