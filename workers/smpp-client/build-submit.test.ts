/** What goes on the wire of a message: parts by each concatenation, TLVs by name, validity and priority. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClaimedMessage } from "#server/domain/delivery/work.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import { newId } from "#server/kernel/id.ts";
import { decode, encode } from "#workers/smpp/codec.ts";
import { decodeText } from "#workers/smpp/data-coding.ts";
import type { Pdu } from "#workers/smpp/pdu.ts";
import { parseTime } from "#workers/smpp/times.ts";
import { parseUdh } from "#workers/smpp/udh.ts";
import { buildSubmits, type SubmitSettings } from "#workers/smpp-client/build-submit.ts";

const usual: SubmitSettings = {
  serviceType: "",
  sourceTon: 5,
  sourceNpi: 0,
  destTon: 1,
  destNpi: 1,
  gsmDataCoding: 0,
  concatenation: "udh8",
  passedTlvs: [],
  validityFormat: "relative",
  otpPriority: 1,
};
const now = new Date("2026-03-01T10:00:00Z");

function message(text: string, over: Partial<ClaimedMessage> = {}): ClaimedMessage {
  const { encoding, parts } = segmentText(text);
  return {
    id: newId(),
    tenantId: newId(),
    sender: "ACME",
    msisdn: "84912345678",
    text,
    encoding,
    trafficClass: "transactional",
    parts,
    partsDone: [],
    validUntil: new Date(now.getTime() + 90_061_000),
    leasedAt: now,
    ...over,
  };
}

/** Over the wire and back. */
function sent(
  of: ClaimedMessage,
  over: Partial<SubmitSettings> = {},
  extras?: Parameters<typeof buildSubmits>[2],
): Pdu[] {
  return buildSubmits(of, { ...usual, ...over }, extras, now.getTime()).map(({ fields }) => {
    const bytes = encode("submit_sm", 0, 1, fields);
    const pdu = bytes.ok ? decode(bytes.value) : bytes;
    if (!pdu.ok) throw new Error(pdu.reason);
    return pdu.value;
  });
}

function textOf(pdus: Pdu[]): string {
  return pdus
    .map((pdu) => {
      const bytes = pdu.short_message?.length ? pdu.short_message : (pdu.message_payload ?? Buffer.alloc(0));
      return decodeText(pdu.esm_class ? parseUdh(bytes).body : bytes, pdu.data_coding ?? 0);
    })
    .join("");
}

const alphabet = fc.constantFrom(..."abc{}€ñ é[]^ 1", "ở", "Ж", "😀");
const texts = fc
  .array(alphabet, { minLength: 1, maxLength: 700 })
  .map((characters) => characters.join(""))
  .filter((text) => segmentText(text).parts <= 10);

describe("a long text", () => {
  it.each(["udh8", "udh16", "sar"] as const)(
    "arrives whole by %s, in as many parts as were priced",
    (concatenation) => {
      fc.assert(
        fc.property(texts, (text) => {
          const one = message(text);
          const pdus = sent(one, { concatenation });
          expect(pdus).toHaveLength(one.parts);
          expect(textOf(pdus)).toBe(text);
          for (const pdu of pdus) expect(octetsOnAir(pdu)).toBeLessThanOrEqual(140);
          if (one.parts > 1) expect(pdus.map((pdu) => numbering(pdu))).toEqual(pdus.map((_, i) => [i + 1, one.parts]));
        }),
        { numRuns: 250 },
      );
    },
  );

  it("arrives whole in one PDU by message_payload, whose id stands for all parts", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const one = message(text);
        const pdus = sent(one, { concatenation: "payload" });
        expect(pdus).toHaveLength(1);
        expect(textOf(pdus)).toBe(text);
        const [built] = buildSubmits(one, { ...usual, concatenation: "payload" }, undefined, 0);
        expect(built?.partNumber).toBe(one.parts > 1 ? 0 : 1);
        expect(sent({ ...one, partsDone: [built?.partNumber ?? 0] }, { concatenation: "payload" })).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it("uses 16 bits where the priced parts have the room, and 8 where they would become one more", () => {
    const roomy = message("a".repeat(300));
    const full = message("a".repeat(306));
    const lengths = (of: ClaimedMessage) => sent(of, { concatenation: "udh16" }).map((pdu) => pdu.short_message?.[0]);
    expect([lengths(roomy), lengths(full)]).toEqual([
      [6, 6],
      [5, 5],
    ]);
  });
});

/** User data of the short message on the air interface: header and septets packed. */
function octetsOnAir(pdu: Pdu): number {
  const bytes = pdu.short_message ?? Buffer.alloc(0);
  const own = pdu.esm_class ? (bytes[0] ?? 0) + 1 : 0;
  const header = own || (pdu.sar_total_segments ? 6 : 0);
  if (pdu.data_coding === 8) return header + bytes.length - own;
  return Math.ceil((Math.ceil((header * 8) / 7) * 7 + (bytes.length - own) * 7) / 8);
}

function numbering(pdu: Pdu): (number | undefined)[] {
  if (!pdu.esm_class) return [pdu.sar_segment_seqnum, pdu.sar_total_segments];
  const { concatenation } = parseUdh(pdu.short_message ?? Buffer.alloc(0));
  return [concatenation?.number, concatenation?.total];
}

describe("settings of the connector", () => {
  it("write the validity as the carrier reads it", () => {
    const validity = (validityFormat: SubmitSettings["validityFormat"], over: Partial<ClaimedMessage> = {}) =>
      sent(message("Hello", over), { validityFormat })[0]?.validity_period;
    expect(validity("relative")).toBe("000001010101000R");
    expect(parseTime(validity("relative"), now)).toEqual(new Date(now.getTime() + 90_061_000));
    expect(validity("relative", { validUntil: new Date(now.getTime() + 1) })).toBe("000000000001000R");
    expect(validity("absolute")).toBe("260302110101000+");
    expect(validity("none")).toBe("");
  });

  it("raise the priority of one-time codes alone", () => {
    const flag = (isUrgent: boolean, otpPriority: number) =>
      sent(message("1234"), { otpPriority }, { isUrgent, tlvs: {} })[0]?.priority_flag;
    expect([flag(true, 2), flag(false, 2), flag(true, 0), sent(message("1234"))[0]?.priority_flag]).toEqual([
      2, 0, 0, 0,
    ]);
  });

  it("pass on the TLVs that they name, never the client's own reference", () => {
    const tlvs = {
      source_port: 5_000,
      destination_port: 16_000,
      user_message_reference: 9,
      "0x1401": "00ff",
      "0x1402": "aa",
    };
    const one = message("Hello");
    const [all] = sent(one, { passedTlvs: ["source_port", "destination_port", "0x1401"] }, { isUrgent: false, tlvs });
    expect(all).toMatchObject({ source_port: 5_000, dest_port: 16_000, [String(0x1401)]: Buffer.from("00ff", "hex") });
    expect(all).not.toHaveProperty(String(0x1402));
    const [none] = sent(one, {}, { isUrgent: false, tlvs });
    expect(none?.user_message_reference).toBe(all?.user_message_reference);
    expect(none).not.toHaveProperty("source_port");
  });
});
