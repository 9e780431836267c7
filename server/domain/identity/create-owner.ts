/** Makes a person who can sign in at once, without an invitation: for the first owner of an installation and the demo. */
import { and, eq, sql } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { type CreateOwner, createOwner as schema } from "#server/domain/identity/input.ts";
import { hashPassword } from "#server/domain/identity/password.ts";
import { type User, userColumns } from "#server/domain/identity/scope.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { conflict, forbidden } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { parse } from "#server/kernel/parse.ts";

/**
 * For jobs only. The same address in the same tenant again returns the person that is there, unchanged.
 * @throws forbidden · conflict `email_taken`
 */
export async function createOwner(ctx: Context, input: CreateOwner): Promise<User> {
  if (ctx.actor.type !== "job") throw forbidden("users.write");
  const { id = newId(), password, ...person } = parse(schema, input);
  const passwordHash = await hashPassword(password);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, person.tenantId);
    const now = ctx.clock.now();
    const [user] = await ctx.tx.db
      .insert(users)
      .values({ id, ...person, status: "active", passwordHash, createdAt: now, updatedAt: now })
      .onConflictDoNothing()
      .returning(userColumns);
    if (!user) {
      const [known] = await ctx.tx.db
        .select(userColumns)
        .from(users)
        .where(and(eq(users.tenantId, person.tenantId), sql`lower(${users.email}) = lower(${person.email})`));
      if (known) return known;
      throw conflict("email_taken", "This address has an account already.", { field: "email" });
    }
    await audit(ctx, {
      action: "identity.create_user",
      subjectType: "user",
      subjectId: user.id,
      tenantId: user.tenantId,
      detail: { role: user.role },
    });
    return user;
  });
}
