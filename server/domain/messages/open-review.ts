/** Puts the lines of a submission that need a decision before the moderators: one case a batch. */
import { uuidArray } from "#db/arrays.ts";
import type { Line, Submission } from "#server/domain/messages/line.ts";
import { openCase } from "#server/domain/moderation/open-case.ts";
import { sampleOf } from "#server/domain/moderation/sample-texts.ts";
import type { InTx } from "#server/kernel/context.ts";
import { newId } from "#server/kernel/id.ts";

/**
 * A batch has one case for good. When a caller uses the id of a batch again for other messages, these get a batch of
 * their own: nothing may wait under a case that was decided already.
 */
export async function openReviews(ctx: InTx, lines: readonly Line[]): Promise<void> {
  const bySubmission = new Map<Submission, Line[]>();
  for (const line of lines.filter((l) => l.review)) {
    const list = bySubmission.get(line.submission);
    if (list) list.push(line);
    else bySubmission.set(line.submission, [line]);
  }
  if (bySubmission.size === 0) return;
  const used = await ctx.tx.sql<{ subjectId: string }[]>`
    select subject_id as "subjectId" from moderation_cases
    where subject_id = any(${uuidArray([...bySubmission.keys()].map((s) => s.batchId))}::uuid[])`;
  const usedIds = new Set(used.map((row) => row.subjectId));
  for (const [submission, reviewed] of bySubmission) {
    if (usedIds.has(submission.batchId)) submission.batchId = newId();
    usedIds.add(submission.batchId);
    await openOne(ctx, submission, reviewed);
  }
}

/** Several policies may have asked: the tenant nearest the root decides, as it may for all of them. */
async function openOne(ctx: InTx, submission: Submission, lines: readonly Line[]): Promise<void> {
  const depth = (line: Line) => line.tenant.ancestors.indexOf(line.review?.policyTenantId ?? "");
  const ordered = [...lines].sort((a, b) => depth(a) - depth(b));
  const [first] = ordered;
  if (!first?.review) return;
  await openCase(
    { ...submission.ctx, tx: ctx.tx },
    {
      tenantId: first.tenant.id,
      subjectType: "batch",
      subjectId: submission.batchId,
      senderName: first.senderName,
      sampleText: sampleOf(ordered.map((line) => line.item.text)),
      recipientCount: lines.length,
      ...first.review,
    },
  );
}
