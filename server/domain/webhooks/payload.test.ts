/** The events' JSON, which is put together by hand, held against what JSON.stringify makes of the same values. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { hopState } from "#server/domain/ledger/stage.ts";
import { type MessageFacts, messageJson } from "#server/domain/webhooks/payload.ts";
import { formatMicros } from "#server/kernel/money.ts";

const text = fc.string({ unit: fc.constantFrom(...'aZ09 "\\\n\t\u0000\u2028é😀\ud800/<') });
const date = fc.date({ min: new Date(-1e12), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true });
const moment = fc.oneof(
  date,
  fc.nat(200_000).map((ms) => new Date(1_800_000_000_000 + ms)),
);
const facts: fc.Arbitrary<MessageFacts> = fc.record({
  id: fc.uuid(),
  reference: fc.option(text),
  msisdn: fc.stringMatching(/^[0-9]{8,15}$/),
  sender: text,
  parts: fc.integer({ min: 1, max: 10 }),
  campaignId: fc.option(fc.uuid()),
  possibleDuplicate: fc.boolean(),
  createdAt: moment,
  sentAt: fc.option(moment),
  doneAt: fc.option(moment),
  stage: fc.constantFrom(1, 2, 3, 4, 5) as fc.Arbitrary<MessageFacts["stage"]>,
  unitPriceMicros: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n })),
  currency: fc.option(fc.constantFrom("EUR", "VND", "JPY", "KWD")),
  postOn: fc.option(fc.constantFrom("accepted" as const, "delivered" as const)),
});

it("writes what JSON.stringify would, whatever stands in the message", () => {
  fc.assert(
    fc.property(
      facts,
      fc.constantFrom("sent", "delivered", "failed"),
      fc.option(text),
      moment,
      (m, status, code, at) => {
        const isPriced = m.unitPriceMicros !== null && m.currency !== null && m.postOn !== null;
        const priced = isPriced && {
          amount: formatMicros((m.unitPriceMicros ?? 0n) * BigInt(m.parts), m.currency ?? ""),
          currency: m.currency,
          state: hopState(m.stage, m.postOn ?? "accepted"),
        };
        const expected = {
          type: `message.${status}`,
          timestamp: at,
          data: {
            id: m.id,
            reference: m.reference,
            to: m.msisdn,
            sender: m.sender,
            status,
            errorCode: code,
            parts: m.parts,
            price: priced || null,
            campaignId: m.campaignId,
            possibleDuplicate: m.possibleDuplicate,
            acceptedAt: m.createdAt,
            sentAt: m.sentAt,
            doneAt: status === "sent" ? null : m.doneAt,
          },
        };
        expect(messageJson(m, { status, errorCode: code, at })).toBe(JSON.stringify(expected));
      },
    ),
    { numRuns: 2_000 },
  );
});
