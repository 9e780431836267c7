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
  const shared: PduFields = {
    service_type: settings.serviceType,
    ...source(message.sender, settings),
    dest_addr_ton: settings.destTon,
    dest_addr_npi: settings.destNpi,
    destination_addr: message.msisdn,
    priority_flag: extras?.isUrgent ? settings.otpPriority : 0,
    validity_period: validity(message.validUntil, settings.validityFormat, nowMs),
    registered_delivery: wantsReceipt,
    ...(extras ? passedTlvs(extras.tlvs, settings.passedTlvs) : {}),
  };
  return cut(message, settings).flatMap(({ partNumber, ...text }) =>
    message.partsDone.includes(partNumber) || message.partsDone.includes(wholeMessage)
      ? []
      : [
          {
            partNumber,
            fields: {
              ...shared,
              ...text,
              user_message_reference: messageReference(message.id, Math.max(1, partNumber)),
            },
          },
        ],
  );
}

type PartText = Pick<
  PduFields,
  | "esm_class"
  | "data_coding"
  | "short_message"
  | "message_payload"
  | "sar_msg_ref_num"
  | "sar_total_segments"
  | "sar_segment_seqnum"
> & { partNumber: number };

/** Exactly as many parts as were priced, whatever the connector's concatenation. */
function cut({ id, text, encoding }: ClaimedMessage, { concatenation, gsmDataCoding }: SubmitSettings): PartText[] {
  const priced = segmentText(text);
  const total = priced.perPart.length;
  const encoded = (part: string) => encodeText(part, encoding, gsmDataCoding);
  if (total === 1 || concatenation === "payload") {
    const { bytes, dataCoding } = encoded(text);
    const coding = { esm_class: 0, data_coding: dataCoding };
    if (total === 1) return [{ partNumber: 1, ...coding, short_message: bytes }];
    return [{ partNumber: wholeMessage, ...coding, short_message: Buffer.alloc(0), message_payload: bytes }];
  }
  // A header of 7 octets leaves less room: a text that just fits the priced parts goes with the short one.
  const wide = concatenation === "udh16" ? segmentText(text, 16).perPart : [];
  const isWide = wide.length === total;
  const reference = messageReference(id, 1);
  return (isWide ? wide : priced.perPart).map((part, index) => {
    const number = index + 1;
    const { bytes, dataCoding } = encoded(part);
    if (concatenation === "sar") {
      const sar = { sar_msg_ref_num: reference, sar_total_segments: total, sar_segment_seqnum: number };
      return { partNumber: number, esm_class: 0, data_coding: dataCoding, short_message: bytes, ...sar };
    }
    const header = buildConcatenation({ reference, total, number }, isWide ? 16 : 8);
    const short_message = Buffer.concat([header, bytes]);
    return { partNumber: number, esm_class: udhiBit, data_coding: dataCoding, short_message };
  });
}

function validity(until: Date, format: SubmitSettings["validityFormat"], nowMs: number): string {
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
function source(sender: string, settings: SubmitSettings): PduFields {
  const isNumber = /^\+?\d+$/.test(sender);
  const isForNames = settings.sourceTon === alphanumericTon;
  return {
    source_addr_ton: isNumber && isForNames ? settings.destTon : settings.sourceTon,
    source_addr_npi: isNumber && isForNames ? settings.destNpi : settings.sourceNpi,
    source_addr: sender.replace(/^\+(?=\d)/, ""),
  };
}
