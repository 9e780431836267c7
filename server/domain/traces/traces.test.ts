/** Exchanges survive their block octet by octet, and octets of anybody's making are read without a fault. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Exchange,
  mostBytes,
  mostExchangeBytes,
  readExchanges,
  writeExchange,
} from "#server/domain/traces/exchange.ts";
import { readPdu } from "#server/domain/traces/read-pdu.ts";

const exchange = (over: Partial<Exchange> = {}): Exchange => ({
  kind: "sent",
  key: "019a",
  part: 2,
  atMs: 1_795_340_000_123,
  durationMs: 12.345,
  about: '{"bind":1,"peer":"nhà mạng"}',
  request: Buffer.from([1, 2, 3]),
  response: Buffer.alloc(0),
  ...over,
});
const everything = () => true;

it("keeps every octet, the rest of a block when one is not wanted, and no more than its share of a long one", () => {
  const block = Buffer.alloc(3 * mostExchangeBytes);
  const long = Buffer.alloc(mostBytes + 10, 7);
  let end = writeExchange(block, 0, exchange());
  end = writeExchange(block, end, exchange({ kind: "receipt", key: "0x1F", part: 0 }));
  end = writeExchange(block, end, exchange({ request: long, response: long }));
  const [first, second, third] = readExchanges(block.subarray(0, end), everything);
  expect(first).toEqual(exchange());
  expect(second).toMatchObject({ kind: "receipt", key: "0x1F" });
  expect(third?.request).toEqual(long.subarray(0, mostBytes));
  expect([...readExchanges(block.subarray(0, end), (kind) => kind === "receipt")]).toHaveLength(1);
  // What is cut off is left out.
  expect([...readExchanges(block.subarray(0, end - 1), everything)]).toHaveLength(2);
});

it("reads the fields of a submit_sm and its TLVs", () => {
  const hex =
    "0000003d000000040000000000000007" + // header
    "00" +
    "0500" +
    "41434d4500" +
    "0101" +
    "383439313200" +
    "00000000000100000002" +
    "4869" +
    "0204" +
    "0002" +
    "beef";
  const bytes = Buffer.from(hex, "hex");
  bytes.writeUInt32BE(bytes.length, 0);
  const pdu = readPdu(bytes);
  expect(pdu).toMatchObject({ command: "submit_sm", sequence: 7, status: 0 });
  expect(pdu?.fields).toEqual(
    expect.arrayContaining([
      { name: "source_addr", value: "ACME" },
      { name: "destination_addr", value: "84912" },
      { name: "short_message", value: "48 69" },
      { name: "user_message_reference", value: String(0xbeef) },
    ]),
  );
});

it("never throws on what it cannot read", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 120 }),
      fc.constantFrom(4, 5, 0x80000004, 0x103, 0x21, 0x80000000),
      (octets, id) => {
        const bytes = Buffer.from(octets);
        if (bytes.length >= 8) bytes.writeUInt32BE(id, 4);
        readPdu(bytes);
        [...readExchanges(bytes, everything)].map(({ request }) => readPdu(request));
      },
    ),
    { numRuns: 2_000 },
  );
});
