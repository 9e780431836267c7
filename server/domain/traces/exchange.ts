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

const mostKeyBytes = 255;
const mostAboutBytes = 1_024;
/** The most that one exchange takes in a block. */
export const mostExchangeBytes = headBytes + mostKeyBytes + mostAboutBytes + 2 * mostBytes;

/** @param target with `mostExchangeBytes` of room from `offset` on @returns the offset behind it */
export function writeExchange(target: Buffer, offset: number, exchange: Exchange): number {
  const { kind, key, part, atMs, durationMs, about, request, response } = exchange;
  const keyAt = offset + headBytes;
  const keyEnd = keyAt + target.write(key, keyAt, mostKeyBytes, "latin1");
  const aboutEnd = copyTo(target, keyEnd, bytesOf(about));
  const requestEnd = copyTo(target, aboutEnd, request);
  const responseEnd = copyTo(target, requestEnd, response);
  target[offset] = exchangeKinds[kind];
  target[offset + 1] = part & 0xff;
  target.writeDoubleLE(atMs, offset + 2);
  target.writeUInt32LE(Math.max(0, Math.min(0xffff_ffff, Math.round(durationMs * 1_000))), offset + 10);
  target.writeUInt16LE(keyEnd - keyAt, offset + 14);
  target.writeUInt16LE(aboutEnd - keyEnd, offset + 16);
  target.writeUInt16LE(requestEnd - aboutEnd, offset + 18);
  target.writeUInt16LE(responseEnd - requestEnd, offset + 20);
  // Room for what may come to be told.
  for (let at = offset + 22; at < keyAt; at += 1) target[at] = 0;
  return responseEnd;
}

/** Up to here octets one by one are faster than a call. */
const fewBytes = 48;

function copyTo(target: Buffer, offset: number, bytes: Buffer): number {
  const length = Math.min(bytes.length, mostBytes);
  if (length <= fewBytes) for (let at = 0; at < length; at += 1) target[offset + at] = bytes[at] ?? 0;
  else target.set(length === bytes.length ? bytes : bytes.subarray(0, length), offset);
  return offset + length;
}

/** Of few peers come many exchanges. */
const aboutBytes = new Map<string, Buffer>();
const mostAbouts = 1_000;

function bytesOf(about: string): Buffer {
  let bytes = aboutBytes.get(about);
  if (!bytes) {
    if (aboutBytes.size >= mostAbouts) aboutBytes.clear();
    const room = Buffer.alloc(mostAboutBytes);
    bytes = room.subarray(0, room.write(about, "utf8"));
    aboutBytes.set(about, bytes);
  }
  return bytes;
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
