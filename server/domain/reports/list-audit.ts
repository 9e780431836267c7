/** The audit log of the tenant's subtree, newest first; people above the reader are not named. */
import { and, desc, eq, gte, like, lt, type SQL, sql } from "drizzle-orm";
import { auditLog } from "#db/schema/audit.ts";
import { tenants } from "#db/schema/tenants.ts";
import { type ListAudit, listAudit as schema } from "#server/domain/reports/audit-input.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { type Context, inTransaction } from "#server/kernel/context.ts";
import { type Page, toPage } from "#server/kernel/paging.ts";
import { parse } from "#server/kernel/parse.ts";

export type AuditEntry = {
  id: string;
  tenantId: string;
  tenantName: string;
  action: string;
  subjectType: string;
  subjectId: string;
  createdAt: Date;
  actorType: "user" | "apiKey" | "bind" | "job";
  /** Null when somebody above the reader acted ("your provider"). */
  actorName: string | null;
  actorId: string | null;
  /** Of what was done from above, only what was said to the tenant anyway. */
  detail: Record<string, unknown>;
};

/** Details of acts from above that the tenant may read. */
const openDetails = ["name", "reason", "decision", "status", "role", "mode"];

export async function listAudit(ctx: Context, input: ListAudit): Promise<Page<AuditEntry>> {
  allow(ctx, "audit.read");
  const { tenantId, action, subjectId, actorId, from, to, cursor, limit } = parse(schema, input);
  return inTransaction(ctx, async (ctx) => {
    if (tenantId) await tenantInScope(ctx, tenantId);
    const rows = await ctx.tx.db
      .select({
        id: auditLog.id,
        tenantId: auditLog.tenantId,
        tenantName: tenants.name,
        action: auditLog.action,
        subjectType: auditLog.subjectType,
        subjectId: auditLog.subjectId,
        createdAt: auditLog.createdAt,
        actorType: auditLog.actorType,
        actorName: auditLog.actorName,
        actorId: auditLog.actorId,
        detail: auditLog.detail,
        isActorVisible: sql<boolean>`${actorIsVisible}`,
      })
      .from(auditLog)
      .innerJoin(
        tenants,
        and(eq(tenants.id, auditLog.tenantId), sql`${tenants.ancestors} @> array[${ctx.tenantId}]::uuid[]`),
      )
      .where(
        and(
          tenantId ? eq(auditLog.tenantId, tenantId) : undefined,
          action
            ? like(auditLog.action, `${action.replaceAll("_", "\\_")}${action.endsWith(".") ? "%" : ""}`)
            : undefined,
          subjectId ? eq(auditLog.subjectId, subjectId) : undefined,
          // A person above is not to be found by trying ids.
          actorId ? and(eq(auditLog.actorId, actorId), actorIsVisible) : undefined,
          from ? gte(auditLog.createdAt, from) : undefined,
          to ? lt(auditLog.createdAt, to) : undefined,
          cursor ? lt(auditLog.id, cursor) : undefined,
        ),
      )
      .orderBy(desc(auditLog.id))
      .limit(limit + 1);
    const page = toPage(rows, limit);
    return { ...page, items: page.items.map(shown) };
  });
}

/** Users and keys of the subtree are visible in the reader's transaction, those above are not; jobs are the platform's. */
const actorIsVisible: SQL = sql`(
  ${auditLog.actorType} in ('job', 'bind')
  or exists (select from users u where u.id::text = ${auditLog.actorId})
  or exists (select from api_keys k where k.id::text = ${auditLog.actorId}))`;

function shown({ isActorVisible, ...row }: AuditEntry & { isActorVisible: boolean }): AuditEntry {
  if (isActorVisible) return row;
  const detail = Object.fromEntries(Object.entries(row.detail).filter(([name]) => openDetails.includes(name)));
  return { ...row, actorName: null, actorId: null, detail };
}
