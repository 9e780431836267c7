/** Every code has an explanation, and the protocol's words are read with care. */
import { expect, it } from "vitest";
import en from "#app/_messages/en/messages.json" with { type: "json" };
import { answersOf, causeOf, technicalFacts } from "#app/console/messages/[id]/explain.ts";

it("explains SMPP's codes by what to do, and a carrier's own as such", () => {
  expect(causeOf("ESME_RINVDSTADR")).toBe("destination");
  expect(causeOf("ESME_RINVSERTYP")).toBe("settings");
  expect(causeOf("0x00000401")).toBe("carrier");
  expect(causeOf("069")).toBe("carrier");
});

it.each(["ESME_RINVDSTADR", "ESME_RTHROTTLED", "ESME_RINVESMCLASS", "069", "validity_over", "no_receipt"])(
  "has a text for %s",
  (code) => {
    expect(Object.keys(en.cause)).toContain(causeOf(code));
  },
);

it("lists what each part was answered, and nothing for a detail of another shape", () => {
  const detail = { connectorId: "c", parts: [{ partNumber: 2, carrierId: "1a" }] };
  expect(technicalFacts(detail)).toEqual([
    { key: "connectorId", value: "c" },
    { key: "carrierId", part: 2, value: "1a" },
  ]);
  expect(answersOf({ parts: 3 })).toEqual([]);
});
