/** What is read and written straight from the layout, held against the package: the same values, octets and refusals. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "#workers/smpp/codec.ts";
import { decodeByPackage, encodeByPackage } from "#workers/smpp/package-codec.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";
import { decodeHot } from "#workers/smpp/read-hot-pdu.ts";
import { encodeHot } from "#workers/smpp/write-hot-pdu.ts";

const messages = ["submit_sm", "deliver_sm"] as const;
const answers = ["submit_sm_resp", "deliver_sm_resp"] as const;
const links = ["enquire_link", "enquire_link_resp"] as const;

const octet = fc.oneof({ weight: 20, arbitrary: fc.nat(255) }, { weight: 1, arbitrary: fc.constantFrom(-1, 256, 1.5) });
const twoOctets = fc.oneof(
  { weight: 20, arbitrary: fc.nat(65_535) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 65_536, Number.NaN) },
);
/** Mostly what may stand in a C-octet string; now and then a zero, or a character that no octet has. */
const text = fc.string({
  unit: fc.oneof(
    { weight: 100, arbitrary: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) },
    { weight: 1, arbitrary: fc.constantFrom("\0", "Ā", "€") },
  ),
  maxLength: 25,
});
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

const tlvs = {
  additional_status_info_text: text,
  receipted_message_id: text,
  user_message_reference: twoOctets,
  source_port: twoOctets,
  dest_port: twoOctets,
  sar_msg_ref_num: twoOctets,
  sar_total_segments: octet,
  sar_segment_seqnum: octet,
  sc_interface_version: octet,
  network_error_code: bytes(4),
  message_payload: bytes(400),
  message_state: octet,
};
const message = {
  service_type: text,
  source_addr_ton: octet,
  source_addr_npi: octet,
  source_addr: text,
  dest_addr_ton: octet,
  dest_addr_npi: octet,
  destination_addr: text,
  esm_class: octet,
  protocol_id: octet,
  priority_flag: octet,
  schedule_delivery_time: text,
  validity_period: text,
  registered_delivery: octet,
  replace_if_present_flag: octet,
  data_coding: octet,
  sm_default_msg_id: octet,
  short_message: bytes(258),
};
/** In any order, any of them left out. */
const fieldsOf = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<PduFields> =>
  fc
    .record(model, { requiredKeys: [] })
    .chain((fields) => fc.shuffledSubarray(Object.entries(fields), { minLength: Object.keys(fields).length }))
    .map((entries) => Object.fromEntries(entries) as PduFields);
const messageFields = fieldsOf({ ...message, ...tlvs });
const sequence = fc.integer({ min: 1, max: 0x7fff_ffff });
const status = fc.oneof(fc.constant(0), fc.nat(0xffff_ffff));

const randomPdu = fc.oneof(
  fc.tuple(fc.constantFrom(...messages), fc.constant(0), sequence, messageFields),
  fc.tuple(fc.constantFrom(...answers), status, sequence, fieldsOf({ message_id: text })),
  fc.tuple(fc.constantFrom(...links), status, sequence, fc.constant({} as PduFields)),
);

describe("what is written", () => {
  it("has the package's octets, or is refused as the package refuses it", () => {
    let written = 0;
    fc.assert(
      fc.property(randomPdu, ([command, status, sequence, fields]) => {
        const expected = encodeByPackage(command, status, sequence, fields);
        const hot = encodeHot(command, status, sequence, fields);
        if (hot) {
          written += 1;
          expect(expected.ok && expected.value.toString("hex")).toBe(hot.toString("hex"));
        }
        const whole = encode(command, status, sequence, fields);
        expect(whole.ok).toBe(expected.ok);
        if (whole.ok && expected.ok) expect(whole.value.equals(expected.value)).toBe(true);
      }),
      { numRuns: 4_000 },
    );
    expect(written).toBeGreaterThan(1_000);
  });

  it("leaves a payload of 64 KiB, and vendors' TLVs, to the package", () => {
    expect(encodeHot("submit_sm", 0, 1, { message_payload: Buffer.alloc(65_536) })).toBeNull();
    expect(encodeHot("submit_sm", 0, 1, { message_payload: Buffer.alloc(65_535) })).toBeNull();
    expect(encodeHot("submit_sm", 0, 1, { vendor_tlvs: [{ tag: 0x1400, value: Buffer.from("a") }] })).toBeNull();
    const pdu = encode("submit_sm", 0, 1, { vendor_tlvs: [{ tag: 0x1400, value: Buffer.from("a") }] });
    expect(pdu.ok && decode(pdu.value)).toMatchObject({ ok: true, value: { 5120: Buffer.from("a") } });
  });
});

/** TLVs as carriers send them: known and unknown tags, right and wrong lengths. */
const rawTlv = fc
  .record({
    tag: fc.oneof(
      fc.constantFrom(0x001d, 0x001e, 0x0204, 0x020a, 0x020c, 0x020e, 0x020f, 0x0210, 0x0381, 0x0423, 0x0424, 0x0427),
      fc.integer({ min: 0x13f0, max: 0x1410 }),
      fc.nat(0xffff),
    ),
    value: fc.oneof(bytes(2), bytes(20)),
    lie: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -2, max: 3 }) }),
  })
  .map(({ tag, value, lie }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(tag, 0);
    head.writeUInt16BE(Math.max(0, value.length + lie), 2);
    return Buffer.concat([head, value]);
  });
const cut = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(40) });
const flips = fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 });

/** Good ones, with TLVs added, octets changed, and their ends cut off; their command_length is always right. */
const damagedPdu = fc
  .tuple(randomPdu, fc.array(rawTlv, { maxLength: 4 }), cut, fc.oneof(fc.constant([]), flips))
  .map(([[command, status, sequence, fields], added, cut, flips]) => {
    const good = encodeByPackage(command, status, sequence, fields);
    const whole = Buffer.concat([
      good.ok ? good.value : Buffer.from("00000010000000150000000000000001", "hex"),
      ...added,
    ]);
    const pdu = Buffer.from(whole.subarray(0, Math.max(16, whole.length - cut)));
    // The header's command stays: what is tried is how the rest is read.
    for (const [at, value] of flips) if (at >= 8 && at < pdu.length) pdu[at] = value;
    pdu.writeUInt32BE(pdu.length, 0);
    return pdu;
  });

const isLatin1 = (value: string) => Buffer.from(value, "latin1").toString("latin1") === value;

describe("what is read", () => {
  it("has the package's values, or is refused as the package refuses it", () => {
    const seen = { hot: 0, refused: 0 };
    fc.assert(
      fc.property(damagedPdu, (pdu) => {
        const expected = decodeByPackage(pdu);
        const hot = decodeHot(pdu);
        if (hot) {
          seen.hot += 1;
          expect(expected).toEqual({ ok: true, value: expect.objectContaining(hot) });
          expect(Object.keys(hot).sort()).toEqual(expected.ok && Object.keys(expected.value).sort());
        }
        expect(decode(pdu)).toEqual(expected);
        if (!expected.ok) seen.refused += 1;
      }),
      { numRuns: 8_000 },
    );
    expect(seen.hot).toBeGreaterThan(1_500);
    expect(seen.refused).toBeGreaterThan(300);
  });

  it("takes every good PDU upon itself", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.constantFrom(...messages), sequence, messageFields, (command, sequence, fields) => {
        const pdu = encode(command, 0, sequence, fields);
        // A character that no octet has is written as a zero, and shifts what follows.
        const isSound = Object.values(fields).every((value) => typeof value !== "string" || isLatin1(value));
        if (!pdu.ok || !isSound) return;
        read += 1;
        expect(decodeHot(pdu.value)).toMatchObject({ command, sequence_number: sequence });
      }),
      { numRuns: 1_500 },
    );
    expect(read).toBeGreaterThan(200);
  });
});
