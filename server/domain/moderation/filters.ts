/** Keyword filters of a tenant: they hold for it and everything below it. */
import { and, asc, eq, getTableColumns, sql } from "drizzle-orm";
import { keywordFilters } from "#db/schema/moderation.ts";
import {
  type CreateFilter,
  createFilter as createSchema,
  type DeleteFilter,
  deleteFilter as deleteSchema,
  type ListFilters,
  listFilters as listSchema,
} from "#server/domain/moderation/input.ts";
import { minPhraseLetters, phraseLetters } from "#server/domain/moderation/matcher.ts";
import { forgetPolicies } from "#server/domain/moderation/policy-snapshot.ts";
import { tenantInScope } from "#server/domain/tenants/scope.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict, DomainError, invalidInput, notFound } from "#server/kernel/errors.ts";
import { parse } from "#server/kernel/parse.ts";

const { createdBy: _by, setByTenantId: _setBy, ...shown } = getTableColumns(keywordFilters);
export type KeywordFilter = Omit<typeof keywordFilters.$inferSelect, "createdBy" | "setByTenantId"> & {
  /** Somebody above the reader put it there ("your provider"): the reader cannot take it away. */
  isSetAbove: boolean;
};

/** What a reader sees of a filter: never who above it wrote it. */
const columnsFor = (ctx: InTx) => ({
  ...shown,
  isSetAbove: sql<boolean>`${keywordFilters.setByTenantId} is not null and not exists (select from tenants setter
    where setter.id = ${keywordFilters.setByTenantId} and setter.ancestors @> array[${ctx.tenantId}]::uuid[])`,
});

/** Keeps the compiled list, and so the work per message, bounded. */
const maxFilters = 2_000;

/** The filters set on this tenant: those set on tenants above it also hold, but are not told. */
export async function listFilters(ctx: Context, input: ListFilters): Promise<KeywordFilter[]> {
  allow(ctx, "moderation.read");
  const { tenantId } = parse(listSchema, input);
  return inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, tenantId);
    return ctx.tx.db
      .select(columnsFor(ctx))
      .from(keywordFilters)
      .where(eq(keywordFilters.tenantId, tenantId))
      .orderBy(asc(keywordFilters.phrase))
      .limit(maxFilters);
  });
}

/**
 * Idempotent by `input.id`.
 * @throws invalid_input `phrase_too_short` · conflict `too_many_filters` · `filter_id_taken`
 */
export async function createFilter(ctx: Context, input: CreateFilter): Promise<KeywordFilter> {
  allow(ctx, "moderation.write");
  const wanted = parse(createSchema, input);
  if (phraseLetters(wanted.phrase) < minPhraseLetters) {
    throw invalidInput("phrase_too_short", "Use at least two letters or digits.", { field: "phrase" });
  }
  const filter = await inTransaction(ctx, async (ctx) => {
    await tenantInScope(ctx, wanted.tenantId);
    const mine = eq(keywordFilters.tenantId, wanted.tenantId);
    if ((await ctx.tx.db.$count(keywordFilters, mine)) >= maxFilters) {
      throw conflict("too_many_filters", `A tenant has at most ${maxFilters} filters.`);
    }
    const createdBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    const [row] = await ctx.tx.db
      .insert(keywordFilters)
      .values({ ...wanted, setByTenantId: ctx.tenantId, createdBy, createdAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning(shown);
    if (!row) {
      const [known] = await ctx.tx.db
        .select(columnsFor(ctx))
        .from(keywordFilters)
        .where(and(eq(keywordFilters.id, wanted.id), mine));
      if (known?.phrase === wanted.phrase) return known;
      throw conflict("filter_id_taken", "This id is in use. Choose a new one.");
    }
    await audit(ctx, {
      action: "moderation.create_filter",
      subjectType: "keyword_filter",
      subjectId: row.id,
      tenantId: row.tenantId,
      detail: { phrase: row.phrase, action: row.action },
    });
    return { ...row, isSetAbove: false };
  });
  forgetPolicies(ctx.db);
  return filter;
}

/** @throws not_found `filter_not_found`, also the second time · forbidden `filter_set_above` */
export async function deleteFilter(ctx: Context, input: DeleteFilter): Promise<{ id: string }> {
  allow(ctx, "moderation.write");
  const { id } = parse(deleteSchema, input);
  await inTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx.db.select(columnsFor(ctx)).from(keywordFilters).where(eq(keywordFilters.id, id));
    if (!row) throw notFound("filter");
    await tenantInScope(ctx, row.tenantId).catch(() => {
      throw notFound("filter");
    });
    if (row.isSetAbove) {
      throw new DomainError("forbidden", "filter_set_above", "Your provider has set this filter.");
    }
    await ctx.tx.db.delete(keywordFilters).where(eq(keywordFilters.id, id));
    await audit(ctx, {
      action: "moderation.delete_filter",
      subjectType: "keyword_filter",
      subjectId: id,
      tenantId: row.tenantId,
      detail: { phrase: row.phrase },
    });
  });
  forgetPolicies(ctx.db);
  return { id };
}
