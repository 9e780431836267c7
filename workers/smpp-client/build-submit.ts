/** Turns a claimed message into the submit_sm of each part that the carrier does not have yet. */

import type { WorkerConnector } from "#server/domain/delivery/load-connectors.ts";
import { messageReference } from "#server/domain/delivery/message-reference.ts";
import type { ClaimedMessage } from "#server/domain/delivery/work.ts";
import { segmentText } from "#server/domain/messages/segment.ts";
import type { PduFields } from "#workers/smpp/codec.ts";
import { encodeText } from "#workers/smpp/data-coding.ts";
import { buildConcatenation, udhiBit } from "#workers/smpp/udh.ts";

export type PartToSend = { partNumber: number; fields: PduFields };
export type SubmitSettings = Pick<
  WorkerConnector,
  "serviceType" | "sourceTon" | "sourceNpi" | "destTon" | "destNpi" | "gsmDataCoding"
>;

const wantsReceipt = 1;
/** GSM 03.40 section 9.1.2.5: letters are an alphanumeric address, digits a number. */
const alphanumericTon = 5;

/** Cut exactly as it was priced: the same function, the same parts. */
export function buildSubmits(message: ClaimedMessage, settings: SubmitSettings): PartToSend[] {
  const { perPart } = segmentText(message.text);
  const total = perPart.length;
  return perPart.flatMap((text, index) => {
    const partNumber = index + 1;
    if (message.partsDone.includes(partNumber)) return [];
    const { bytes, dataCoding } = encodeText(text, message.encoding, settings.gsmDataCoding);
    const reference = messageReference(message.id, 1);
    const header = total > 1 ? buildConcatenation({ reference, total, number: partNumber }) : null;
    return [
      {
        partNumber,
        fields: {
          service_type: settings.serviceType,
          ...source(message.sender, settings),
          dest_addr_ton: settings.destTon,
          dest_addr_npi: settings.destNpi,
          destination_addr: message.msisdn,
          esm_class: header ? udhiBit : 0,
          registered_delivery: wantsReceipt,
          data_coding: dataCoding,
          short_message: header ? Buffer.concat([header, bytes]) : bytes,
          user_message_reference: messageReference(message.id, partNumber),
        },
      },
    ];
  });
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
