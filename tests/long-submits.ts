/** The submits of one long text, in every form that SMPP has for them. */
import { segmentText } from "#server/domain/messages/segment.ts";
import { nextNumber } from "#tests/sending.ts";
import { dataCoding, encodeText, encodeUcs2 } from "#workers/smpp/data-coding.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";
import { buildConcatenation } from "#workers/smpp/udh.ts";

export const longKinds = ["udh8", "udh16", "sar", "payload"] as const;
export type LongKind = (typeof longKinds)[number];
/** narrowest: GSM-7 where the text has nothing else. */
export type Alphabet = "narrowest" | "latin1" | "ucs2";

let reference = 0;
/** The next text gets the reference of the last one. */
export function repeatReference(): void {
  reference -= 1;
}

/**
 * Cut into pieces of so many octets wherever that falls: in an escape, in a pair.
 * @param octets 0 = as many as fit
 */
export function submitsOf(
  text: string,
  kind: LongKind,
  octets = 0,
  to = nextNumber(),
  alphabet: Alphabet = "narrowest",
): PduFields[] {
  const coded = encoded(text, alphabet);
  const common = { source_addr: "ACME", destination_addr: to, data_coding: coded.dataCoding, registered_delivery: 1 };
  if (kind === "payload") return [{ ...common, message_payload: coded.bytes }];
  const size = octets || (coded.dataCoding === dataCoding.smscDefault ? 153 : 134);
  const pieces: Buffer[] = [];
  for (let from = 0; from < coded.bytes.length; from += size) pieces.push(coded.bytes.subarray(from, from + size));
  reference = (reference + 1) & 0xff;
  return pieces.map((piece, index) => {
    const place = { reference, total: pieces.length, number: index + 1 };
    if (kind === "sar") {
      return {
        ...common,
        short_message: piece,
        sar_msg_ref_num: reference,
        sar_total_segments: pieces.length,
        sar_segment_seqnum: index + 1,
      };
    }
    const header = buildConcatenation(place, kind === "udh8" ? 8 : 16);
    return { ...common, esm_class: 0x40, short_message: Buffer.concat([header, piece]) };
  });
}

function encoded(text: string, alphabet: Alphabet): { bytes: Buffer; dataCoding: number } {
  if (alphabet === "ucs2") return { bytes: encodeUcs2(text), dataCoding: dataCoding.ucs2 };
  if (alphabet === "latin1") return { bytes: Buffer.from(text, "latin1"), dataCoding: dataCoding.latin1 };
  return encodeText(text, segmentText(text).encoding);
}
