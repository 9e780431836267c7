/** What people do to their own account: password, name, language, and ending their sessions. */
import { eq } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import {
  type ChangePassword,
  changePassword as passwordSchema,
  updateProfile as profileSchema,
  type UpdateProfile,
} from "#server/domain/identity/input.ts";
import { hashPassword, verifyPassword } from "#server/domain/identity/password.ts";
import { lockUser, type User, userInScope } from "#server/domain/identity/scope.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { DomainError, forbidden, invalidInput } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

/** Wrong current passwords before this way of guessing is closed, too, until the next right one or a reset. */
const maxTries = 10;

/** @throws forbidden for keys, binds and jobs: they have no account of their own */
function ownId(ctx: Context): string {
  if (ctx.actor.type !== "user") throw forbidden("account");
  return ctx.actor.id;
}

export async function getOwnAccount(ctx: Context): Promise<User> {
  const id = ownId(ctx);
  return inTransaction(ctx, (ctx) => userInScope(ctx, id));
}

/**
 * Ends every session, this one too.
 * @throws invalid_input `wrong_password` · rate_limited `too_many_attempts`
 */
export async function changePassword(ctx: Context, input: ChangePassword): Promise<void> {
  const id = ownId(ctx);
  const { currentPassword, newPassword } = parse(passwordSchema, input);
  const before = await inTransaction(ctx, (ctx) => countTry(ctx, id));
  if (!before || !(await verifyPassword(before, currentPassword))) {
    throw invalidInput("wrong_password", "The current password is wrong.", { field: "currentPassword" });
  }
  const passwordHash = await hashPassword(newPassword);
  await inTransaction(ctx, async (ctx) => {
    await lockUser(ctx, id);
    await ctx.tx.db
      .update(users)
      .set({ passwordHash, failedAttempts: 0, lockedUntil: null, updatedAt: ctx.clock.now() })
      .where(eq(users.id, id));
    await endSessions(ctx, id);
    await audit(ctx, { action: "identity.change_password", subjectType: "user", subjectId: id });
  });
}

/** Signs out everywhere: every session ends at its next request. */
export async function signOutEverywhere(ctx: Context): Promise<void> {
  const id = ownId(ctx);
  await inTransaction(ctx, async (ctx) => {
    await lockUser(ctx, id);
    await endSessions(ctx, id);
    await audit(ctx, { action: "identity.sign_out_everywhere", subjectType: "user", subjectId: id });
  });
}

export async function updateProfile(ctx: Context, input: UpdateProfile): Promise<User> {
  const id = ownId(ctx);
  const changes = parse(profileSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await lockUser(ctx, id);
    await ctx.tx.db
      .update(users)
      .set({ ...changes, updatedAt: ctx.clock.now() })
      .where(eq(users.id, id));
    await audit(ctx, { action: "identity.update_profile", subjectType: "user", subjectId: id, detail: changes });
    return userInScope(ctx, id);
  });
}

/** @returns the hash to compare with, counted before the comparison so that parallel guesses are counted too */
async function countTry(ctx: InTx, id: string): Promise<string | null> {
  const user = await lockUser(ctx, id);
  if (user.failedAttempts >= maxTries) {
    throw new DomainError("rate_limited", "too_many_attempts", "Too many wrong passwords. Reset your password.");
  }
  await ctx.tx.db
    .update(users)
    .set({ failedAttempts: user.failedAttempts + 1 })
    .where(eq(users.id, id));
  return user.passwordHash;
}

const endSessions = (ctx: InTx, id: string) =>
  ctx.tx.sql`update users set session_version = session_version + 1 where id = ${id}`;
