/** Whatever is called plain, the schema takes, and leaves as it is. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type SubmitMessages, submitMessages } from "#server/domain/messages/input.ts";
import { isPlain } from "#server/domain/messages/plain-input.ts";
import { newId } from "#server/kernel/id.ts";

/** Mostly what belongs there; now and then anything. */
const often = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: fc.anything() });
const id = fc.oneof(
  fc.uuid(),
  fc.constant(0).map(() => newId()),
);
const text = (maxLength: number) => fc.string({ maxLength, unit: "binary" });
const date = fc.date({ noInvalidDate: false });

const item = fc.record(
  {
    id: often(id),
    sender: often(text(66)),
    to: often(text(66)),
    text: often(text(30)),
    class: often(fc.constantFrom("otp", "transactional", "bulk", "other")),
    reference: often(text(130)),
    validityMinutes: often(fc.oneof(fc.integer({ min: -1, max: 10_082 }), fc.double())),
    validUntil: often(date),
    sendAt: often(date),
    receipt: often(fc.constantFrom(true, false, "on_failure", "always", undefined)),
    wire: often(fc.constantFrom(undefined, { serviceType: "OTP" })),
    more: fc.anything(),
  },
  { requiredKeys: ["id", "sender", "to", "text", "class"] },
);
const plainItem = fc.record({
  id,
  sender: text(64),
  to: text(64),
  text: text(200),
  class: fc.constantFrom("otp", "transactional", "bulk"),
  receipt: fc.constantFrom(true, undefined),
});
const source = fc.constantFrom("campaign", "http", "trpc", "smpp", "console");
const plain = fc.record({
  batchId: id,
  source,
  items: fc.array(plainItem, { minLength: 1, maxLength: 3 }),
  dryRun: fc.constantFrom(true, false, undefined),
  idempotency: fc.constant(undefined),
});
const wild = fc.record(
  {
    batchId: often(id),
    source: often(source),
    campaignId: often(fc.option(id, { nil: undefined })),
    items: often(fc.array(item, { maxLength: 3 })),
    dryRun: often(fc.boolean()),
    skipScreening: often(fc.boolean()),
    idempotency: fc.constantFrom(undefined, { key: "a", bodyHash: "b" }),
    more: fc.anything(),
  },
  { requiredKeys: ["batchId", "source", "items"] },
);
const nearlyPlain = fc.record({ batchId: often(id), source: often(source), items: fc.array(item, { maxLength: 2 }) });

it("takes only what the schema takes", () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(plain, nearlyPlain, wild), (value) => {
      const input = value as SubmitMessages;
      if (!isPlain(input)) return;
      taken += 1;
      expect(submitMessages.safeParse(input)).toEqual({ success: true, data: input });
    }),
    { numRuns: 1_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it("leaves what is incomplete to the schema", () => {
  const whole = { id: newId(), sender: "A", to: "+84901234567", text: "a", class: "otp" as const };
  const batch = { batchId: newId(), source: "http" as const };
  expect(isPlain({ ...batch, items: [whole] })).toBe(true);
  const { class: _, ...classless } = whole;
  expect(isPlain({ ...batch, items: [classless] })).toBe(false);
  expect(isPlain({ ...batch, items: [] })).toBe(false);
  expect(isPlain({ ...batch, items: [{ ...whole, wire: { serviceType: "OTP" } }] })).toBe(false);
});
