/** Turns a claimed message into the submit_sm of each part that the carrier does not have yet. */
import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import type { MessageExtras } from "#server/domain/delivery/load-extras.ts";
import { messageReference } from "#server/domain/delivery/message-reference.ts";
import { type ClaimedMessage, wholeMessage } from "#server/domain/delivery/work.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import { encodeText } from "#workers/smpp/data-coding.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";
import { formatDuration, formatTime } from "#workers/smpp/times.ts";
import { buildConcatenation, udhiBit } from "#workers/smpp/udh.ts";
import { passedTlvs } from "#workers/smpp-client/pass-tlvs.ts";

/** @property partNumber `wholeMessage` when one submit carries all parts */
export type PartToSend = { partNumber: number; fields: PduFields };
export type SubmitSettings = Pick<
  WorkerConnector,
  | "serviceType"
  | "sourceTon"
  | "sourceNpi"
  | "destTon"
  | "destNpi"
  | "gsmDataCoding"
  | "concatenation"
  | "passedTlvs"
  | "validityFormat"
  | "otpPriority"
>;

const wantsReceipt = 1;
/** GSM 03.40 section 9.1.2.5: letters are an alphanumeric address, digits a number. */
const alphanumericTon = 5;

/** @param nowMs what a relative validity counts from */
export function buildSubmits(
  message: ClaimedMessage,
  settings: SubmitSettings,
  extras: MessageExtras | undefined,
  nowMs: number,
): PartToSend[] {
  const { id, partsDone } = message;
  const source = sourceOf(message.sender, settings);
  const urgency = extras?.isUrgent ? settings.otpPriority : 0;
  const validity = validityOf(message.validUntil, settings.validityFormat, nowMs);
  const tlvs = extras && settings.passedTlvs.length > 0 ? passedTlvs(extras.tlvs, settings.passedTlvs) : null;
  const part = ({ partNumber, coding, bytes, esmClass, more }: PartText): PartToSend => {
    // Written out: objects of one form are cheap to make and to read, and put together from others they are not.
    const fields: PduFields = {
      service_type: settings.serviceType,
      source_addr_ton: source.ton,
      source_addr_npi: source.npi,
      source_addr: source.address,
      dest_addr_ton: settings.destTon,
      dest_addr_npi: settings.destNpi,
      destination_addr: message.msisdn,
      esm_class: esmClass,
      priority_flag: urgency,
      validity_period: validity,
      registered_delivery: wantsReceipt,
      data_coding: coding,
      short_message: bytes,
      user_message_reference: messageReference(id, Math.max(1, partNumber)),
    };
    return { partNumber, fields: tlvs || more ? { ...fields, ...tlvs, ...more } : fields };
  };
  if (partsDone.length === 0) return cut(message, settings).map(part);
  if (partsDone.includes(wholeMessage)) return [];
  return cut(message, settings)
    .filter(({ partNumber }) => !partsDone.includes(partNumber))
    .map(part);
}

type PartText = {
  partNumber: number;
  esmClass: number;
  coding: number;
  bytes: Buffer;
  /** TLVs that carry the text, or its place among the parts. */
  more: Pick<PduFields, "message_payload" | "sar_msg_ref_num" | "sar_total_segments" | "sar_segment_seqnum"> | null;
};

const noBytes = Buffer.alloc(0);

/** Exactly as many parts as were priced, whatever the connector's concatenation. */
function cut({ id, text, encoding, parts }: ClaimedMessage, settings: SubmitSettings): PartText[] {
  const { concatenation, gsmDataCoding } = settings;
  const encoded = (part: string) => encodeText(part, encoding, gsmDataCoding);
  if (parts === 1 || concatenation === "payload") {
    const { bytes, dataCoding: coding } = encoded(text);
    if (parts === 1) return [{ partNumber: 1, esmClass: 0, coding, bytes, more: null }];
    return [{ partNumber: wholeMessage, esmClass: 0, coding, bytes: noBytes, more: { message_payload: bytes } }];
  }
  const priced = segmentText(text).perPart;
  const total = priced.length;
  // A header of 7 octets leaves less room: a text that just fits the priced parts goes with the short one.
  const wide = concatenation === "udh16" ? segmentText(text, 16).perPart : [];
  const isWide = wide.length === total;
  const reference = messageReference(id, 1);
  return (isWide ? wide : priced).map((part, index) => {
    const partNumber = index + 1;
    const { bytes, dataCoding: coding } = encoded(part);
    if (concatenation === "sar") {
      const more = { sar_msg_ref_num: reference, sar_total_segments: total, sar_segment_seqnum: partNumber };
      return { partNumber, esmClass: 0, coding, bytes, more };
    }
    const header = buildConcatenation({ reference, total, number: partNumber }, isWide ? 16 : 8);
    return { partNumber, esmClass: udhiBit, coding, bytes: Buffer.concat([header, bytes]), more: null };
  });
}

function validityOf(until: Date, format: SubmitSettings["validityFormat"], nowMs: number): string {
  switch (format) {
    case "relative":
      return formatDuration(until.getTime() - nowMs);
    case "absolute":
      return formatTime(until);
    case "none":
      return "";
  }
}

/** The connector's TON and NPI are those of its usual senders; a sender of digits is a number all the same. */
function sourceOf(sender: string, settings: SubmitSettings): Source {
  if (last.sender !== sender || last.settings !== settings) {
    last = { sender, settings, source: readSource(sender, settings) };
  }
  return last.source;
}

type Source = { ton: number; npi: number; address: string };
/** Neighbours in a batch mostly have one sender. */
let last: { sender: string; settings: SubmitSettings | null; source: Source } = {
  sender: "",
  settings: null,
  source: { ton: 0, npi: 0, address: "" },
};

function readSource(sender: string, settings: SubmitSettings): Source {
  const isNumber = /^\+?\d+$/.test(sender);
  const isForNames = settings.sourceTon === alphanumericTon;
  return {
    ton: isNumber && isForNames ? settings.destTon : settings.sourceTon,
    npi: isNumber && isForNames ? settings.destNpi : settings.sourceNpi,
    address: sender.startsWith("+") ? sender.replace(/^\+(?=\d)/, "") : sender,
  };
}
