/** Accepts messages: segment, number, sender, content, opt-outs, route, money – and one transaction that writes it all. */
import { type HoldPlan, planHold, postHold, tellExpired } from "#server/domain/ledger/hold.ts";
import type { Offer } from "#server/domain/ledger/offer.ts";
import { answerKeyed } from "#server/domain/messages/answer-keyed.ts";
import { answerKnown, withoutRepeats } from "#server/domain/messages/answer-known.ts";
import { type Facts, isScreened, readFacts } from "#server/domain/messages/facts.ts";
import { type SubmitMessages, submitMessages as schema } from "#server/domain/messages/input.ts";
import {
  isOpen,
  type Line,
  outcomeOf,
  outcomesOf,
  readLine,
  refuse,
  type Submission,
  takeHold,
} from "#server/domain/messages/line.ts";
import { lockTenants } from "#server/domain/messages/load-sending.ts";
import { openReviews } from "#server/domain/messages/open-review.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { isPlain } from "#server/domain/messages/plain-input.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { writeBatch } from "#server/domain/messages/write-batch.ts";
import { judgeTexts } from "#server/domain/moderation/screen.ts";
import { type OperatorDirectory, operatorDirectory } from "#server/domain/routing/lookup-operator.ts";
import { allow } from "#server/kernel/allow.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { isDatabaseAway } from "#server/kernel/database-away.ts";
import { notFound } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import { parse } from "#server/kernel/parse.ts";

export type SubmitRequest = { ctx: Context; input: SubmitMessages };
type Failure = { ok: false; error: unknown };
export type SubmitResult = { ok: true; outcomes: SubmitOutcome[] } | Failure;

/**
 * Outcomes by position. What one message gets wrong never fails its neighbours. The id of a message again gives its
 * first outcome and charges nothing.
 * @throws forbidden · invalid_input · conflict `idempotency_mismatch`, `idempotency_in_progress`
 */
export async function submitMessages(ctx: Context, input: SubmitMessages): Promise<SubmitOutcome[]> {
  const [result = lost] = await submitGroup(ctx, [{ ctx, input }]);
  if (!result.ok) throw result.error;
  return result.outcomes;
}

/**
 * Joins a system transaction that the caller opened, so that what the caller locked and wrote stands or falls with the
 * messages: a campaign's chunk. Call operatorDirectory before the transaction, and run it under retryOnCollision.
 * @param attempt of retryOnCollision: the first one reads the orders' accounts without a lock
 */
export async function submitInTransaction(ctx: InTx, input: SubmitMessages, attempt: number): Promise<SubmitOutcome[]> {
  const operators = await operatorDirectory(ctx);
  const prepared = prepare({ ctx, input });
  if (!isSubmission(prepared)) throw prepared.error;
  const [result = lost] = await accept(ctx, [prepared], operators, attempt > 1);
  if (!result.ok) throw result.error;
  return result.outcomes;
}

/** Many callers' requests in one transaction. Results by position; an error of one is its own. */
export async function submitGroup(
  base: Pick<Context, "db" | "clock">,
  requests: readonly SubmitRequest[],
): Promise<SubmitResult[]> {
  const operators = await operatorDirectory(base);
  const results: (Submission | SubmitResult)[] = requests.map(prepare);
  for (const dryRun of [false, true]) {
    const positions = [...results.keys()].filter((n) => isSubmission(results[n]) && isDry(results[n]) === dryRun);
    const submissions = positions.map((n) => results[n]).filter(isSubmission);
    const answers = await runTogether(submissions, operators);
    for (const [index, position] of positions.entries()) results[position] = answers[index] ?? lost;
  }
  return results.map((result) => (isSubmission(result) ? lost : result));
}

const lost: Failure = { ok: false, error: new Error("A request was left without a result.") };
const isSubmission = (result: Submission | SubmitResult | undefined): result is Submission =>
  result !== undefined && "input" in result;
const isDry = (result: Submission | SubmitResult | undefined): boolean =>
  isSubmission(result) && result.input.dryRun === true;

function prepare({ ctx, input }: SubmitRequest): Submission | Failure {
  try {
    allow(ctx, "messages.send");
    const parsed = isPlain(input) ? input : parse(schema, input, ["items"]);
    return { ctx, input: parsed, batchId: parsed.batchId };
  } catch (error) {
    return { ok: false, error };
  }
}

/** If the shared transaction fails for a reason of one request, each gets a transaction of its own. */
async function runTogether(submissions: Submission[], operators: OperatorDirectory): Promise<SubmitResult[]> {
  const [first] = submissions;
  if (!first) return [];
  try {
    return await retryOnCollision((attempt) =>
      asSystem(first.ctx, (ctx) => accept(ctx, submissions, operators, attempt > 1)),
    );
  } catch (error) {
    if (submissions.length === 1) return [{ ok: false, error }];
    // The next try would only take longer to say the same.
    if (isDatabaseAway(error)) return submissions.map(() => ({ ok: false, error }));
    const results: SubmitResult[] = [];
    for (const submission of submissions) results.push(...(await runTogether([submission], operators)));
    return results;
  }
}

/**
 * Three times to the database and back, whatever their number: the tenants, all that is read, and all that is written
 * with the commit. Nobody waits for the accounts of the orders until the messages are written, unless `isLocking`.
 */
async function accept(
  ctx: InTx,
  submissions: Submission[],
  operators: OperatorDirectory,
  isLocking: boolean,
): Promise<SubmitResult[]> {
  return answerKeyed(ctx, submissions, async (fresh) => {
    const tenants = await lockTenants(
      ctx,
      fresh.map((s) => s.ctx.tenantId),
    );
    const all = fresh.map((submission) => {
      const tenant = tenants.get(submission.ctx.tenantId);
      return tenant ? submission.input.items.map((item) => readLine(submission, tenant, item, operators)) : null;
    });
    const { lines, repeats } = withoutRepeats(all.flatMap((group) => group ?? []));
    const isDryRun = fresh[0]?.input.dryRun === true;
    const facts = await readFacts(ctx, lines, isLocking && !isDryRun);
    await answerKnown(ctx, lines, facts.known);
    for (const line of lines.filter(isOpen)) check(line, facts);
    screen(lines.filter(isOpen), facts.policies);
    const plan = await hold(ctx, lines.filter(isOpen), facts.offer);
    const accepted = lines.filter(isOpen);
    if (!isDryRun && accepted.length > 0) {
      await openReviews(ctx, accepted);
      writeBatch(ctx, accepted);
      await postHold(ctx, plan, isLocking);
    }
    for (const [repeat, earlier] of repeats) repeat.known = outcomeOf(earlier);
    return all.map((group) =>
      group ? { ok: true, outcomes: outcomesOf(group) } : { ok: false, error: notFound("tenant") },
    );
  });
}

/** Sender, opt-out, route: everything that may refuse a message before money is asked. */
function check(line: Line, { days, senders, optOuts, routes }: Facts): void {
  const sender = senders.find(line.tenant.id, line.item.sender.trim());
  const route = routes.choose({
    messageId: line.item.id,
    ancestors: line.tenant.ancestors,
    country: line.country,
    operatorId: line.operatorId ?? "",
    trafficClass: line.item.class,
  });
  if (!days.hasRoomFor(line.item.id)) refuse(line, "invalid_id");
  else if (!sender) refuse(line, "sender_not_approved");
  else if (optOuts.has(line)) refuse(line, "opted_out");
  else if (!route) refuse(line, "no_route");
  else {
    line.senderId = sender.id;
    line.senderName = sender.name;
    line.connectorId = route.connectorId;
  }
}

function screen(lines: readonly Line[], policies: Facts["policies"]): void {
  for (const [tenantId, snapshot] of policies) {
    const own = lines.filter((line) => line.tenant.id === tenantId && isScreened(line));
    const { ancestors = [] } = own[0]?.tenant ?? {};
    const texts = own.map((line) => line.item.text);
    for (const [index, verdict] of judgeTexts(snapshot, { tenantId, ancestors }, texts).entries()) {
      const line = own[index];
      if (!line) continue;
      if (verdict.action === "block") refuse(line, "blocked_content");
      else if (verdict.action === "review") {
        line.review = { cause: verdict.cause, policyTenantId: verdict.policyTenantId };
      }
    }
  }
}

/** What the lines cost, taken from the offer; written by postHold. */
async function hold(ctx: InTx, open: readonly Line[], offer: Offer): Promise<HoldPlan> {
  const submissions = new Set(open.map((line) => line.submission));
  const [only] = submissions;
  const plan = planHold(offer, {
    // The cause on the ledger: the batch, or for requests that share a transaction an id of their group.
    batchId: only && submissions.size === 1 ? only.batchId : newId(),
    demands: open.map((line) => ({
      key: line.item.id,
      tenantId: line.tenant.id,
      ancestors: line.tenant.ancestors,
      operatorId: line.operatorId ?? "",
      country: line.country,
      trafficClass: line.item.class,
      senderName: line.senderName,
      parts: line.segments.parts,
    })),
  });
  const held = await tellExpired(ctx, plan);
  for (const [index, line] of open.entries()) {
    const outcome = held[index];
    if (!outcome) throw new Error("A demand was left without an answer.");
    takeHold(line, outcome);
  }
  return plan;
}
