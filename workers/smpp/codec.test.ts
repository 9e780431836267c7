/** The codec and its neighbours: round trips, the carrier's dialects, and 100,000 mutated PDUs that must not throw. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "#workers/smpp/codec.ts";
import { decodeGsm7, decodeText, encodeGsm7, encodeText } from "#workers/smpp/data-coding.ts";
import { Framer } from "#workers/smpp/framer.ts";
import { type Pdu, readHeader } from "#workers/smpp/pdu.ts";
import { formatReceipt, isReceipt, parseReceipt } from "#workers/smpp/receipt.ts";
import { buildConcatenation, parseUdh } from "#workers/smpp/udh.ts";

function pdu(command: string, fields: Parameters<typeof encode>[3] = {}, status = 0, sequence = 7): Buffer {
  const bytes = encode(command, status, sequence, fields);
  if (!bytes.ok) throw new Error(bytes.reason);
  return bytes.value;
}

function read(bytes: Buffer): Pdu {
  const decoded = decode(bytes);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.value;
}

const submit = () =>
  pdu("submit_sm", {
    source_addr: "PHO24",
    destination_addr: "84901234567",
    registered_delivery: 1,
    short_message: encodeGsm7("Hello {you} €5"),
    user_message_reference: 65_535,
  });

describe("codec", () => {
  it("gives back what it was given, bytes untouched", () => {
    const seen = read(submit());
    expect(seen).toMatchObject({
      command: "submit_sm",
      sequence_number: 7,
      source_addr: "PHO24",
      destination_addr: "84901234567",
      user_message_reference: 65_535,
    });
    expect(decodeGsm7(seen.short_message ?? Buffer.alloc(0))).toBe("Hello {you} €5");
  });

  it("reads responses without a body, and refusals with a meaningless one", () => {
    const bare = Buffer.from("00000010800000040000000000000009", "hex");
    expect(read(bare)).toMatchObject({ command: "submit_sm_resp", command_status: 0 });
    const refusal = Buffer.from("00000012800000040000005800000009ffff", "hex");
    expect(read(refusal)).toMatchObject({ command_status: 0x58 });
  });

  it("keeps a TLV text inside its own length when the carrier leaves out the final zero", () => {
    const head = pdu("deliver_sm", { esm_class: 4 });
    const tlvs = Buffer.from("001e0003414243" + "04270001" + "02", "hex");
    const bytes = Buffer.concat([head, tlvs]);
    bytes.writeUInt32BE(bytes.length, 0);
    expect(read(bytes)).toMatchObject({ receipted_message_id: "ABC", message_state: 2 });
  });

  it.each([
    ["cut in the middle", (b: Buffer) => b.subarray(0, 30)],
    ["text longer than the PDU", (b: Buffer) => b.subarray(0, b.length - 7)],
    ["a TLV past the end", (b: Buffer) => Buffer.concat([b, Buffer.from("04240fff", "hex")])],
  ])("refuses a PDU with %s", (_, damage) => {
    const bytes = Buffer.from(damage(submit()));
    bytes.writeUInt32BE(bytes.length, 0);
    expect(decode(bytes).ok).toBe(false);
  });

  it("refuses to write what would shift the fields after it", () => {
    expect(encode("submit_sm", 0, 1, { destination_addr: "849\u00001" }).ok).toBe(false);
    expect(encode("submit_sm", 0, 1, { short_message: Buffer.alloc(256) }).ok).toBe(false);
    expect(encode("submit_sm", 0, 1, { user_message_reference: 70_000 }).ok).toBe(false);
  });

  it("answers 100,000 mutated PDUs with a value or a reason", () => {
    const seeds = [
      submit(),
      pdu("deliver_sm", {
        esm_class: 4,
        receipted_message_id: "1A",
        message_state: 2,
        short_message: Buffer.from("id:1A stat:DELIVRD"),
      }),
      pdu("bind_transceiver", { system_id: "a", password: "b", interface_version: 0x34 }),
      pdu("submit_sm_resp", { message_id: "abc" }),
      pdu("enquire_link"),
      pdu("generic_nack", {}, 3),
    ];
    let refused = 0;
    let next = 1;
    const random = (below: number) => {
      next = (next * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      return next % below;
    };
    for (let round = 0; round < 100_000; round += 1) {
      const bytes = Buffer.from(seeds[round % seeds.length] ?? Buffer.alloc(16));
      for (let flips = 1 + random(4); flips > 0; flips -= 1) bytes[random(bytes.length)] = random(256);
      if (random(3) > 0) bytes.writeUInt32BE(bytes.length, 0);
      const decoded = decode(bytes);
      if (!decoded.ok) refused += 1;
      else if (isReceipt(decoded.value)) parseReceipt(decoded.value);
    }
    expect(refused).toBeGreaterThan(10_000);
    expect(refused).toBeLessThan(90_000);
  });
});

describe("text", () => {
  it("carries every text of the GSM alphabet, its extension, and any Unicode", () => {
    const gsm = fc.string({
      unit: fc.constantFrom(..."@£$¥èéùìòÇ\nØøåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !#¤%&()09:?¡AZÄÖÑÜ§¿azäöñüà^{}\\[~]|€"),
    });
    fc.assert(
      fc.property(gsm, (text) => decodeGsm7(encodeGsm7(text)) === text),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const sent = encodeText(text, "ucs2");
        return decodeText(sent.bytes, sent.dataCoding) === text;
      }),
      { numRuns: 2_000 },
    );
    const latin = encodeText("Crème brûlée", "gsm7", 3);
    expect([latin.dataCoding, decodeText(latin.bytes, 3)]).toEqual([3, "Crème brûlée"]);
    expect(decodeText(encodeText("flash", "gsm7").bytes, 0xf0)).toBe("flash");
  });

  it("builds and reads concatenation headers of both widths, and takes a false one as text", () => {
    for (const bits of [8, 16] as const) {
      const header = buildConcatenation({ reference: 200, total: 3, number: 2 }, bits);
      const { concatenation, body } = parseUdh(Buffer.concat([header, Buffer.from("text")]));
      expect(concatenation).toEqual({ reference: 200, total: 3, number: 2 });
      expect(body.toString()).toBe("text");
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), (bytes) => {
        const { body } = parseUdh(Buffer.from(bytes));
        return body.length <= bytes.length;
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("framer", () => {
  it("cuts the same PDUs wherever the stream is split", () => {
    const stream = Buffer.concat([submit(), pdu("enquire_link"), submit(), pdu("unbind")]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const framer = new Framer();
        const seen: number[] = [];
        for (let offset = 0, turn = 0; offset < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          for (const bytes of framer.push(stream.subarray(offset, offset + size)).pdus)
            seen.push(readHeader(bytes).commandId);
          offset += size;
        }
        expect(seen).toEqual([4, 0x15, 4, 6]);
        expect(framer.pendingBytes).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["0", "00000000"],
    ["3", "00000003"],
    ["15", "0000000f"],
    ["64 KiB + 1", "00010001"],
    ["0x7fffffff", "7fffffff"],
    ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n").toString("hex")],
  ])("breaks at a length of %s and stays broken", (_, hex) => {
    const framer = new Framer();
    expect(framer.push(Buffer.from(hex, "hex")).broken).toContain("command_length");
    expect(framer.push(pdu("enquire_link"))).toMatchObject({ pdus: [] });
    expect(framer.pendingBytes).toBe(0);
  });
});

describe("receipts", () => {
  const deliver = (text: string, extra = {}) =>
    read(
      pdu("deliver_sm", {
        esm_class: 4,
        source_addr: "84901234567",
        destination_addr: "PHO24",
        short_message: Buffer.from(text),
        ...extra,
      }),
    );

  it("reads what it writes", () => {
    const at = new Date("2026-03-04T05:06:07Z");
    const text = formatReceipt({
      carrierId: "1a2B",
      state: "UNDELIV",
      errorCode: "069",
      submittedAt: at,
      doneAt: at,
      text: "Hello there, this is long",
    });
    expect(text).toContain("submit date:2603040506");
    expect(parseReceipt(deliver(text))).toMatchObject({
      carrierId: "1a2B",
      state: "UNDELIV",
      errorCode: "069",
      msisdn: "84901234567",
      sender: "PHO24",
    });
  });

  it.each([
    ["ID:77 SUB:001 STAT:DELIVRD ERR:000", { carrierId: "77", state: "DELIVRD", errorCode: null }],
    ["stat:EXPIRED id: 0077 err: 5", { carrierId: "0077", state: "EXPIRED", errorCode: "5" }],
    ["id:77 stat:DELIVERED text:id:99 stat:UNDELIV", { carrierId: "77", state: "DELIVRD" }],
  ])("understands the dialect of %s", (text, expected) => {
    expect(parseReceipt(deliver(text))).toMatchObject(expected);
  });

  it("prefers TLVs, and says null when there is nothing to go by", () => {
    const withTlvs = deliver("garbage", {
      receipted_message_id: "XYZ",
      message_state: 2,
      network_error_code: Buffer.from([3, 0, 9]),
    });
    expect(parseReceipt(withTlvs)).toMatchObject({ carrierId: "XYZ", state: "DELIVRD", errorCode: "9" });
    expect(parseReceipt(deliver("hello"))).toBeNull();
    expect(isReceipt(deliver("hello", { esm_class: 0 }))).toBe(false);
  });
});
