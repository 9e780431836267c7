/** Tells the people of a tenant who hold certain roles, each in their own language, once. */
import { and, asc, eq, inArray } from "drizzle-orm";
import { users } from "#db/schema/identity.ts";
import { tenants } from "#db/schema/tenants.ts";
import { consoleLink } from "#server/domain/branding/console-link.ts";
import type { Locale } from "#server/domain/branding/resolve.ts";
import type { EmailData, EmailKind } from "#server/domain/notifications/kinds.ts";
import { queueEmail } from "#server/domain/notifications/queue-email.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { forbidden } from "#server/kernel/errors.ts";
import type { Role } from "#server/kernel/permissions.ts";

export type NotifyPeople<K extends EmailKind> = {
  /** Everybody active with one of these roles, or one person. */
  to: { roles: Role[] } | { userId: string };
  kind: K;
  data: Omit<EmailData<K>, "link">;
  /** Where in the console the e-mail's button leads; begins with a slash. */
  path: string;
  /** Each person gets one e-mail a key. */
  dedupeKey: string;
};

/** A bound on one notice, far above the people of one account. */
const maxPeople = 100;

/** For jobs only: `ctx.tenantId` is the tenant whose people are told. @returns how many e-mails were asked for */
export async function notifyPeople<K extends EmailKind>(ctx: Context, input: NotifyPeople<K>): Promise<number> {
  if (ctx.actor.type !== "job") throw forbidden("emails.write");
  const { to, kind, path, dedupeKey } = input;
  const { tenantId } = ctx;
  return inTransaction(ctx, async (ctx) => {
    const people = await ctx.tx.db
      .select({ id: users.id, email: users.email, locale: users.locale, tenantLocale: tenants.locale })
      .from(users)
      .innerJoin(tenants, eq(tenants.id, users.tenantId))
      .where(
        and(
          eq(users.tenantId, tenantId),
          eq(users.status, "active"),
          "roles" in to ? inArray(users.role, to.roles) : eq(users.id, to.userId),
        ),
      )
      .orderBy(asc(users.id))
      .limit(maxPeople);
    if (!people.length) return 0;
    const link = await consoleLink(ctx, tenantId, path);
    for (const person of people) {
      await queueEmail(ctx, {
        tenantId,
        kind,
        to: person.email,
        locale: (person.locale ?? person.tenantLocale) as Locale,
        data: { ...input.data, link } as EmailData<K>,
        dedupeKey: `${dedupeKey}:${person.id}`,
      });
    }
    return people.length;
  });
}
