/** One attempt to import a file into a list: starts over what an earlier attempt left, stores batches, ends. */
import { and, eq } from "drizzle-orm";
import { intArray, textArray } from "#db/arrays.ts";
import { recipientLists, recipients, rejectedRows } from "#db/schema/contacts.ts";
import type { Candidate, Rejected } from "#server/domain/contacts/classify-row.ts";
import { listImported } from "#server/domain/contacts/events.ts";
import { listColumns, type RecipientList } from "#server/domain/contacts/scope.ts";
import { audit } from "#server/kernel/audit.ts";
import { type Context, type InTx, inTransaction } from "#server/kernel/context.ts";
import { conflict } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { emit } from "#server/kernel/outbox.ts";

export type Attempt = { listId: string; attemptId: string };
export type Totals = {
  rowCount: number;
  acceptedCount: number;
  invalidCount: number;
  duplicateCount: number;
  optedOutCount: number;
};
export const noRows: Totals = { rowCount: 0, acceptedCount: 0, invalidCount: 0, duplicateCount: 0, optedOutCount: 0 };

type NewList = { id: string; name: string; fileName: string; fields: string[] };

/** @returns the attempt, or the list when an earlier attempt finished it. @throws conflict `list_id_taken` */
export async function startAttempt(ctx: Context, wanted: NewList): Promise<Attempt | RecipientList> {
  const attemptId = newId();
  return inTransaction(ctx, async (ctx) => {
    const { db } = ctx.tx;
    const createdBy = ctx.actor.type === "user" ? ctx.actor.id : null;
    const fresh = { attemptId, status: "importing" as const, progressAt: ctx.clock.now(), ...noRows };
    const inserted = await db
      .insert(recipientLists)
      .values({ ...wanted, ...fresh, tenantId: ctx.tenantId, createdBy, createdAt: ctx.clock.now() })
      .onConflictDoNothing()
      .returning({ id: recipientLists.id });
    if (inserted.length > 0) return { listId: wanted.id, attemptId };
    const mine = and(eq(recipientLists.id, wanted.id), eq(recipientLists.tenantId, ctx.tenantId));
    const [known] = await db.select(listColumns).from(recipientLists).where(mine).for("update");
    if (!known) throw conflict("list_id_taken", "This id is in use. Choose a new one.");
    if (known.status === "ready") return known;
    await db.delete(recipients).where(eq(recipients.listId, wanted.id));
    await db.delete(rejectedRows).where(eq(rejectedRows.listId, wanted.id));
    await db
      .update(recipientLists)
      .set({ ...wanted, ...fresh, failure: null, finishedAt: null })
      .where(mine);
    return { listId: wanted.id, attemptId };
  });
}

/**
 * Stores a batch: opted-out numbers are turned down here, the others get the next ordinals.
 * @param before what was counted: rows up to the end of this batch, and recipients up to its beginning
 * @returns the same with this batch's recipients
 * @throws conflict `upload_superseded` when a newer upload took the list over, or it was deleted
 */
export async function storeBatch(
  ctx: Context,
  attempt: Attempt,
  batch: { candidates: Candidate[]; rejected: Rejected[] },
  before: Totals,
): Promise<Totals> {
  return inTransaction(ctx, async (ctx) => {
    await lockAttempt(ctx, attempt);
    const optedOut = await optedOutOf(
      ctx,
      batch.candidates.map((c) => c.msisdn),
    );
    const accepted = batch.candidates.filter((c) => !optedOut.has(c.msisdn));
    const turnedDown = batch.candidates
      .filter((c) => optedOut.has(c.msisdn))
      .map(({ row, value }): Rejected => ({ row, value, reason: "opted_out", detail: null }));
    await insertRecipients(ctx, attempt.listId, accepted, before.acceptedCount + 1);
    await insertRejected(ctx, attempt.listId, [...batch.rejected, ...turnedDown]);
    const acceptedCount = before.acceptedCount + accepted.length;
    const totals = { ...before, acceptedCount, optedOutCount: before.optedOutCount + turnedDown.length };
    await ctx.tx.db
      .update(recipientLists)
      .set({ ...totals, progressAt: ctx.clock.now() })
      .where(eq(recipientLists.id, attempt.listId));
    return totals;
  });
}

export async function finishAttempt(ctx: Context, attempt: Attempt): Promise<RecipientList> {
  return inTransaction(ctx, async (ctx) => {
    await lockAttempt(ctx, attempt);
    const [row] = await ctx.tx.db
      .update(recipientLists)
      .set({ status: "ready", failure: null, finishedAt: ctx.clock.now() })
      .where(eq(recipientLists.id, attempt.listId))
      .returning(listColumns);
    if (!row) throw superseded();
    const detail = { name: row.name, fileName: row.fileName, rows: row.rowCount, accepted: row.acceptedCount };
    await audit(ctx, { action: "contacts.import_list", subjectType: "list", subjectId: row.id, detail });
    const rejectedCount = row.rowCount - row.acceptedCount;
    const { id: listId, tenantId, acceptedCount } = row;
    await emit(ctx, listImported, { listId, tenantId, acceptedCount, rejectedCount });
    return row;
  });
}

/** Keeps the list with what was counted and the reason, unless a newer upload took it over. */
export async function failAttempt(ctx: Context, attempt: Attempt, failure: string): Promise<void> {
  await inTransaction(ctx, (ctx) =>
    ctx.tx.db
      .update(recipientLists)
      .set({ status: "failed", failure: failure.slice(0, 500), finishedAt: ctx.clock.now() })
      .where(ofAttempt(attempt)),
  );
}

const ofAttempt = ({ listId, attemptId }: Attempt) =>
  and(eq(recipientLists.id, listId), eq(recipientLists.attemptId, attemptId), eq(recipientLists.status, "importing"));

const superseded = () =>
  conflict("upload_superseded", "A newer upload of this list has started, or the list was deleted.");

async function lockAttempt(ctx: InTx, attempt: Attempt): Promise<void> {
  const { db } = ctx.tx;
  const rows = await db.select({ id: recipientLists.id }).from(recipientLists).where(ofAttempt(attempt)).for("update");
  if (rows.length === 0) throw superseded();
}

async function optedOutOf(ctx: InTx, msisdns: string[]): Promise<Set<string>> {
  if (msisdns.length === 0) return new Set();
  const rows = await ctx.tx.sql<{ msisdn: string }[]>`
    select msisdn from opt_outs
    where tenant_id = ${ctx.tenantId} and msisdn = any(${textArray(msisdns)}::text[])`;
  return new Set(rows.map((row) => row.msisdn));
}

async function insertRecipients(ctx: InTx, listId: string, rows: Candidate[], firstOrdinal: number): Promise<void> {
  if (rows.length === 0) return;
  await ctx.tx.sql`
    insert into recipients (list_id, ordinal, tenant_id, msisdn, operator_id, fields)
    select ${listId}, ordinal, ${ctx.tenantId}, msisdn, operator_id, fields::jsonb
    from unnest(
      ${intArray(rows.map((_, i) => firstOrdinal + i))}::int[],
      ${textArray(rows.map((r) => r.msisdn))}::text[],
      ${textArray(rows.map((r) => r.operatorId))}::text[],
      ${textArray(rows.map((r) => JSON.stringify(r.fields)))}::text[]
    ) as t (ordinal, msisdn, operator_id, fields)`;
}

async function insertRejected(ctx: InTx, listId: string, rows: Rejected[]): Promise<void> {
  if (rows.length === 0) return;
  await ctx.tx.sql`
    insert into rejected_rows (list_id, row_number, tenant_id, value, reason, detail)
    select ${listId}, row_number, ${ctx.tenantId}, value, reason, nullif(detail, '')
    from unnest(
      ${intArray(rows.map((r) => r.row))}::int[],
      ${textArray(rows.map((r) => r.value))}::text[],
      ${textArray(rows.map((r) => r.reason))}::text[],
      ${textArray(rows.map((r) => r.detail ?? ""))}::text[]
    ) as t (row_number, value, reason, detail)`;
}
