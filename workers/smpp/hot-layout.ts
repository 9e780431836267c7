/** What the PDUs of the traffic are made of: their ids, and the TLVs that we know by name (SMPP 3.4 sections 5.1.2.1 and 5.3.2). */
import type { PduFields } from "#workers/smpp/pdu.ts";

/** command_id, section 5.1.2.1. */
export const ids = {
  submit_sm: 0x0000_0004,
  deliver_sm: 0x0000_0005,
  enquire_link: 0x0000_0015,
  submit_sm_resp: 0x8000_0004,
  deliver_sm_resp: 0x8000_0005,
  enquire_link_resp: 0x8000_0015,
} as const;

/** Tags of section 5.3.2, by the kind of their value: integers by their octets. */
export const octet = 1;
export const twoOctets = 2;
export const text = 3;
export const octets = 4;
export type Tlv = { name: keyof PduFields; tag: number; kind: number };
export const tlvs: readonly Tlv[] = [
  { name: "additional_status_info_text", tag: 0x001d, kind: text },
  { name: "receipted_message_id", tag: 0x001e, kind: text },
  { name: "user_message_reference", tag: 0x0204, kind: twoOctets },
  { name: "source_port", tag: 0x020a, kind: twoOctets },
  { name: "dest_port", tag: 0x020b, kind: twoOctets },
  { name: "sar_msg_ref_num", tag: 0x020c, kind: twoOctets },
  { name: "sar_total_segments", tag: 0x020e, kind: octet },
  { name: "sar_segment_seqnum", tag: 0x020f, kind: octet },
  { name: "sc_interface_version", tag: 0x0210, kind: octet },
  { name: "network_error_code", tag: 0x0423, kind: octets },
  { name: "message_payload", tag: 0x0424, kind: octets },
  { name: "message_state", tag: 0x0427, kind: octet },
];
export const tlvByTag = new Map(tlvs.map((tlv) => [tlv.tag, tlv]));
/** Section 5.3.2: from here on tags are vendors' own, and stand in a PDU under their number. */
export const vendorTags = 0x1400;
export const tlvHeadBytes = 4;
