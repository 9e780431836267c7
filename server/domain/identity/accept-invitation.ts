/** A person accepts an invitation: chooses name and password, and may sign in. */
import { eq } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { type AcceptInvitation, acceptInvitation as schema } from "#server/domain/identity/input.ts";
import { hashPassword } from "#server/domain/identity/password.ts";
import { asPerson } from "#server/domain/identity/person-context.ts";
import { spendToken } from "#server/domain/identity/tokens.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, jobContext } from "#server/kernel/context.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { newId, nilId } from "#server/kernel/id.ts";
import { parse } from "#server/kernel/parse.ts";

/** @throws invalid_input `link_not_valid`, also when the person was disabled meanwhile */
export async function acceptInvitation(
  base: Pick<Context, "db" | "clock">,
  input: AcceptInvitation,
): Promise<{ userId: string; email: string }> {
  const { token, name, password } = parse(schema, input);
  const passwordHash = await hashPassword(password);
  return asSystem(jobContext(base, "accept-invitation", nilId, newId()), async (ctx) => {
    const { userId } = await spendToken(ctx, "invite", token);
    const [user] = await ctx.tx.db.select().from(users).where(eq(users.id, userId)).for("update");
    if (user?.status !== "invited") throw invalidInput("link_not_valid", "This invitation is no longer open.");
    await ctx.tx.db
      .update(users)
      .set({ name, passwordHash, status: "active", updatedAt: ctx.clock.now() })
      .where(eq(users.id, userId));
    await audit(asPerson(ctx, { ...user, name }), {
      action: "identity.accept_invitation",
      subjectType: "user",
      subjectId: userId,
    });
    return { userId, email: user.email };
  });
}
