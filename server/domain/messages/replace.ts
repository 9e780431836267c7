/** Puts another text into a message that still waits: screened anew, and paid for as it is now. */
import { holdBatch } from "#server/domain/ledger/hold.ts";
import { settleBatch } from "#server/domain/ledger/settle.ts";
import { type ChargeStage, chargeStage } from "#server/domain/ledger/stage.ts";
import { dayOf, Tally } from "#server/domain/messages/count.ts";
import { refusal } from "#server/domain/messages/refusal.ts";
import { loadReplaced, type Replaced, writeReplacement } from "#server/domain/messages/replaced-row.ts";
import { retryOnCollision } from "#server/domain/messages/retry.ts";
import { maxParts, type Segments, segmentText } from "#server/domain/messages/segment.ts";
import { screenTexts } from "#server/domain/moderation/screen.ts";
import { explainRefusal } from "#server/domain/pricing/explain-refusal.ts";
import { allow } from "#server/kernel/allow.ts";
import { audit } from "#server/kernel/audit.ts";
import { asSystem, type Context, type InTx } from "#server/kernel/context.ts";
import { conflict, DomainError, forbidden, invalidInput } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";

export type ReplaceMessage = {
  id: string;
  /** When given, the message's own must be the same. */
  sender?: string | undefined;
  text: string;
  /** What is left out stays. */
  sendAt?: Date | undefined;
  validUntil?: Date | undefined;
  receipt?: number | undefined;
};

/**
 * For the SMPP account that sent it.
 * @throws not_found `message_not_found` · conflict `message_not_waiting` · invalid_input with the code of a refused
 * message · insufficient_funds with the code of the money that is missing: then the old text stays
 */
export async function replaceMessage(ctx: Context, input: ReplaceMessage): Promise<void> {
  allow(ctx, "messages.send");
  if (ctx.actor.type !== "bind") throw forbidden("messages.send");
  const accountId = ctx.actor.id;
  const segments = segmentOf(input.text);
  await retryOnCollision(() =>
    asSystem(ctx, async (ctx) => {
      const before = await loadReplaced(ctx, { id: input.id, accountId });
      if (input.sender && input.sender.toLowerCase() !== before.sender.toLowerCase()) throw notWaiting();
      if (!before.isWaiting) throw notWaiting();
      await screen(ctx, before, input.text);
      const rateId = segments.parts === before.parts ? before.rateId : await payAnew(ctx, before, segments.parts);
      await writeReplacement(ctx, before, { ...input, segments, rateId });
      await audit(ctx, {
        action: "messages.replace",
        subjectType: "message",
        subjectId: before.id,
        detail: { parts: segments.parts, partsBefore: before.parts },
      });
    }),
  );
}

const notWaiting = () => conflict("message_not_waiting", "The message is on its way or has ended.");

function segmentOf(text: string): Segments {
  const wrong = (code: "empty_text" | "text_too_long" | "invalid_text") => invalidInput(code, refusal(code).message);
  if (/\0|\p{Surrogate}/u.test(text)) throw wrong("invalid_text");
  if (text.trim() === "") throw wrong("empty_text");
  const segments = segmentText(text);
  if (segments.parts > maxParts) throw wrong("text_too_long");
  return segments;
}

/** Nobody has time to look at it now, so what would need a look is refused as well. */
async function screen(ctx: InTx, { tenantId, ancestors }: Replaced, text: string): Promise<void> {
  const [verdict] = await screenTexts(ctx, { tenantId, ancestors, texts: [text] });
  if (verdict?.action === "block" || verdict?.action === "review" || !verdict) {
    throw invalidInput("blocked_content", refusal("blocked_content").message);
  }
}

/** Gives back what the old parts held and holds the new ones, at every hop or not at all. @returns the new rate */
async function payAnew(ctx: InTx, before: Replaced, parts: number): Promise<string> {
  const from: ChargeStage = chargeStage.held;
  await settleBatch(ctx, {
    batchId: newId(),
    moves: [{ rateId: before.rateId, parts: before.parts, from, to: chargeStage.voided }],
  });
  const [held] = await holdBatch(ctx, {
    batchId: newId(),
    dryRun: false,
    demands: [
      {
        key: before.id,
        tenantId: before.tenantId,
        ancestors: before.ancestors,
        operatorId: before.operatorId,
        country: before.country,
        trafficClass: before.trafficClass,
        senderName: before.sender,
        parts,
      },
    ],
  });
  if (!held) throw new Error("A demand was left without an answer.");
  if (!held.ok) {
    const { code, message } = explainRefusal(held, ctx.tenantId, before.ancestors);
    throw new DomainError("insufficient_funds", code, message);
  }
  const dimensions = { ...before, acceptedDay: dayOf(before.createdAt) };
  const tally = new Tally();
  tally.add(dimensions, { acceptedCount: -1, acceptedParts: -before.parts, heldParts: -before.parts });
  tally.add({ ...dimensions, rateId: held.rateId }, { acceptedCount: 1, acceptedParts: parts, heldParts: parts });
  tally.write(ctx);
  return held.rateId;
}
