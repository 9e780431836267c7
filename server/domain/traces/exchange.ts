/** An exchange is what one side sent and the other answered. Many of them make a block: how it is written and read. Pure. */

/**
 * Each a bit, so that a block can say which it holds. http, smpp: a client gave us a message. sent: we gave a part to a
 * carrier. receipt: a carrier told us. told: we told a client's bind.
 */
export const exchangeKinds = { http: 1, smpp: 2, sent: 4, receipt: 8, told: 16 } as const;
export type ExchangeKind = keyof typeof exchangeKinds;

export type Exchange = {
  kind: ExchangeKind;
  /** A message's id, a batch's for a submit to many; for receipts the carrier's id as written. */
  key: string;
  /** 0 = all of the message. */
  part: number;
  /** When it was over, in Unix milliseconds. */
  atMs: number;
  /** From the request to its answer. */
  durationMs: number;
  /** Flat JSON: whom it was exchanged with. */
  about: string;
  request: Buffer;
  /** Empty when no answer came. */
  response: Buffer;
};

/** More of a request or an answer is not kept: a PDU of a text has at most 3,200 octets of it. */
export const mostBytes = 4_096;
const kindOfBit = new Map(Object.entries(exchangeKinds).map(([kind, bit]) => [bit as number, kind as ExchangeKind]));
const headBytes = 27;

/** The most that one exchange takes in a block. */
export const mostExchangeBytes = headBytes + 255 + 1_024 + 2 * mostBytes;

/** @param target with `mostExchangeBytes` of room from `offset` on @returns the offset behind it */
export function writeExchange(target: Buffer, offset: number, exchange: Exchange): number {
  const { kind, key, part, atMs, durationMs, about, request, response } = exchange;
  const keyAt = offset + headBytes;
  const keyEnd = keyAt + target.write(key, keyAt, 255, "latin1");
  const aboutEnd = keyEnd + target.write(about, keyEnd, 1_024, "utf8");
  const requestEnd = aboutEnd + request.copy(target, aboutEnd, 0, mostBytes);
  const responseEnd = requestEnd + response.copy(target, requestEnd, 0, mostBytes);
  target[offset] = exchangeKinds[kind];
  target[offset + 1] = part & 0xff;
  target.writeDoubleLE(atMs, offset + 2);
  target.writeUInt32LE(Math.max(0, Math.min(0xffff_ffff, Math.round(durationMs * 1_000))), offset + 10);
  target.writeUInt16LE(keyEnd - keyAt, offset + 14);
  target.writeUInt16LE(aboutEnd - keyEnd, offset + 16);
  target.writeUInt16LE(requestEnd - aboutEnd, offset + 18);
  target.writeUInt16LE(responseEnd - requestEnd, offset + 20);
  // Room for what may come to be told.
  target.fill(0, offset + 22, offset + headBytes);
  return responseEnd;
}

/** Of a block that is inflated; what is cut off at its end is left out. @param wanted looks at kind and key first */
export function* readExchanges(
  block: Buffer,
  wanted: (kind: ExchangeKind, key: string) => boolean,
): Generator<Exchange> {
  for (let offset = 0; offset + headBytes <= block.length; ) {
    const kind = kindOfBit.get(block[offset] ?? 0);
    const keyAt = offset + headBytes;
    const aboutAt = keyAt + block.readUInt16LE(offset + 14);
    const requestAt = aboutAt + block.readUInt16LE(offset + 16);
    const responseAt = requestAt + block.readUInt16LE(offset + 18);
    const end = responseAt + block.readUInt16LE(offset + 20);
    const key = block.toString("latin1", keyAt, aboutAt);
    if (kind && end <= block.length && wanted(kind, key)) {
      yield {
        kind,
        key,
        part: block[offset + 1] ?? 0,
        atMs: block.readDoubleLE(offset + 2),
        durationMs: block.readUInt32LE(offset + 10) / 1_000,
        about: block.toString("utf8", aboutAt, requestAt),
        request: Buffer.from(block.subarray(requestAt, responseAt)),
        response: Buffer.from(block.subarray(responseAt, end)),
      };
    }
    offset = end;
  }
}
