/** What every door of the API does with the messages it has read: throttle, price or group and submit, one way for all. */
import { createHash } from "node:crypto";
import { type SubmitItem, type SubmitMessages, usualClass } from "#server/domain/messages/input.ts";
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { submitMessages } from "#server/domain/messages/submit.ts";
import { invalidInput } from "#server/kernel/errors.ts";
import { newId } from "#server/kernel/id.ts";
import type { Accumulator } from "#workers/accumulator.ts";
import type { OneMessage } from "#workers/gateway/bodies.ts";
import type { Call } from "#workers/gateway/endpoint.ts";
import type { LetIn } from "#workers/gateway/throttle.ts";
import { traceSent } from "#workers/gateway/trace-sent.ts";

export type Sending = {
  messages: readonly OneMessage[];
  /** Everything is checked and priced, nothing is sent. */
  dryRun: boolean;
  /** The request may be repeated under this key; what it was asked is compared as it was read. */
  repeat: { key: string | undefined; body: unknown };
};

/** Outcomes in the order of the messages, after the commit. */
export type Send = (call: Call, sending: Sending) => Promise<SubmitOutcome[]>;

/** @throws rate_limited `over_contract`, `busy` · invalid_input `invalid_idempotency_key` and what submitMessages throws */
export const sendThrough =
  (groups: Accumulator, letIn: LetIn): Send =>
  async (call, { messages, dryRun, repeat }) => {
    // A dry run is told as well what is wrong with its key, though nothing is kept under it.
    const idempotency = idempotencyOf(repeat);
    const fromMs = performance.now();
    // Before anything is made of them: who asks too often is refused most of the time.
    if (!dryRun) await letIn(call, messages);
    const items = messages.map(toItem);
    const input: SubmitMessages = {
      batchId: newId(),
      source: "http",
      items,
      dryRun,
      idempotency: dryRun ? undefined : idempotency,
    };
    if (dryRun) return submitMessages(call.ctx, input);
    const outcomes = await groups.add({ ctx: call.ctx, input });
    traceSent(call.ctx, messages, outcomes, fromMs);
    return outcomes;
  };

/** Complete and always of the same form, so that the verb need not ask its schema. */
function toItem({ sender, to, text, class: named, reference, validity, receipt }: OneMessage): SubmitItem {
  return { id: newId(), sender, to, text, class: named ?? usualClass, reference, validityMinutes: validity, receipt };
}

function idempotencyOf({ key, body }: Sending["repeat"]): { key: string; bodyHash: string } | undefined {
  if (key === undefined) return undefined;
  if (key.length < 1 || key.length > 255) {
    throw invalidInput("invalid_idempotency_key", "An Idempotency-Key has 1 to 255 characters.");
  }
  return { key, bodyHash: createHash("sha256").update(JSON.stringify(body)).digest("hex") };
}
