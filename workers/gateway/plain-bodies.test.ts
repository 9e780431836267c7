/** Whatever body is called plain, the schema takes, and leaves as it is. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { manyMessages, oneMessage } from "#workers/gateway/bodies.ts";
import { isPlainList, isPlainMessage } from "#workers/gateway/plain-bodies.ts";

/** Mostly what belongs there; now and then anything that JSON can say. */
const often = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: fc.jsonValue() });
const text = (maxLength: number) => fc.string({ maxLength, unit: "binary" });

const message = fc.record(
  {
    sender: often(text(66)),
    to: often(text(66)),
    text: often(fc.oneof(text(200), fc.constantFrom("a".repeat(10_000), "a".repeat(10_001)))),
    class: often(fc.constantFrom("otp", "transactional", "bulk", "other")),
    reference: often(text(130)),
    validity: often(fc.oneof(fc.integer({ min: -1, max: 10_082 }), fc.double())),
    receipt: often(fc.boolean()),
    more: fc.jsonValue(),
    ["__proto__"]: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
const plain = fc.record({ sender: text(64), to: text(64), text: text(200) });
const one = fc.oneof(plain, fc.record({ ...record(), validity: fc.integer({ min: 0, max: 10_081 }) }), message);

function record() {
  return { sender: text(65), to: text(65), text: text(300), reference: text(129), receipt: fc.boolean() };
}

it("takes only the messages that the schema takes", () => {
  let taken = 0;
  fc.assert(
    fc.property(one, (value) => {
      const body = JSON.parse(JSON.stringify(value)) as object;
      if (!isPlainMessage(body)) return;
      taken += 1;
      expect(oneMessage.safeParse(body)).toEqual({ success: true, data: body });
    }),
    { numRuns: 1_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it("takes only the lists that the schema takes", () => {
  let taken = 0;
  const list = fc.record(
    { messages: often(fc.array(one, { maxLength: 3 })), more: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.record({ messages: fc.array(plain, { maxLength: 3 }) }), list), (value) => {
      const body = JSON.parse(JSON.stringify(value)) as object;
      if (!isPlainList(body)) return;
      taken += 1;
      expect(manyMessages.safeParse(body)).toEqual({ success: true, data: body });
    }),
    { numRuns: 1_000 },
  );
  expect(taken).toBeGreaterThan(100);
});

it("takes what most clients send, and leaves the rest to the schema", () => {
  const whole = { to: "+84901234567", sender: "A", text: "a" };
  expect(isPlainMessage(whole)).toBe(true);
  expect(isPlainMessage({ ...whole, class: "otp", reference: "r", validity: 5, receipt: false })).toBe(true);
  expect(isPlainMessage({ to: whole.to, text: "a" })).toBe(false);
  expect(isPlainMessage({ ...whole, to: [whole.to] })).toBe(false);
  expect(isPlainList({ messages: [whole, whole] })).toBe(true);
  expect(isPlainList({ messages: [] })).toBe(false);
  expect(isPlainList({ messages: [whole, null] })).toBe(false);
});
