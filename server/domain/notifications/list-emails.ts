/** E-mails of the tenant's subtree, newest first, without their bodies. */
import { and, desc, eq, ilike, lt, or } from "drizzle-orm";
import { emails } from "#db/schema/notifications.ts";
import { tenants } from "#db/schema/tenants.ts";
import { type ListEmails, listEmails as schema } from "#server/domain/notifications/input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export const emailColumns = {
  id: emails.id,
  tenantId: emails.tenantId,
  tenantName: tenants.name,
  kind: emails.kind,
  toAddress: emails.toAddress,
  subject: emails.subject,
  status: emails.status,
  attempts: emails.attempts,
  lastError: emails.lastError,
  createdAt: emails.createdAt,
  sentAt: emails.sentAt,
};

export type EmailRow = Pick<
  typeof emails.$inferSelect,
  "id" | "tenantId" | "kind" | "toAddress" | "subject" | "status" | "attempts" | "lastError" | "createdAt" | "sentAt"
> & { tenantName: string };

export async function listEmails(ctx: Context, input: ListEmails): Promise<Page<EmailRow>> {
  allow(ctx, "emails.read");
  const { tenantId, search, status, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    if (tenantId) await tenantInScope(ctx, tenantId);
    const after = cursor ? await placeOf(cursor) : undefined;
    const like = search ? `%${search.replace(/[\\%_]/g, "\\$&")}%` : undefined;
    const rows = await ctx.tx.db
      .select(emailColumns)
      .from(emails)
      .innerJoin(tenants, eq(tenants.id, emails.tenantId))
      .where(
        and(
          tenantId ? eq(emails.tenantId, tenantId) : undefined,
          status ? eq(emails.status, status) : undefined,
          like ? or(ilike(emails.toAddress, like), ilike(emails.subject, like)) : undefined,
          after,
        ),
      )
      .orderBy(desc(emails.createdAt), desc(emails.id))
      .limit(limit + 1);
    return toPage(rows, limit);

    /** Ids of e-mails are derived from what they tell, so time orders the list and the id only breaks ties. */
    async function placeOf(id: string) {
      const [last] = await ctx.tx.db.select({ at: emails.createdAt }).from(emails).where(eq(emails.id, id));
      if (!last) return undefined;
      return or(lt(emails.createdAt, last.at), and(eq(emails.createdAt, last.at), lt(emails.id, id)));
    }
  });
}
