/** PDUs as this code knows them, and the header that begins them all. */

/** Far above any SMS PDU: 255 octets of text, or 64 K of message_payload. */
export const maxPduBytes = 65_536;
/** command_length, command_id, command_status and sequence_number begin every PDU, SMPP 3.4 section 3.2. */
export const headerBytes = 16;

export type Bytes = Buffer;

/** One of the recipients of submit_multi: a number, or the name of a distribution list. */
export type DestAddress =
  | { dest_addr_ton?: number; dest_addr_npi?: number; destination_addr: string }
  | { dl_name: string };
export type UnsuccessSme = {
  dest_addr_ton?: number;
  dest_addr_npi?: number;
  destination_addr: string;
  error_status_code: number;
};

/** Fields as SMPP 3.4 sections 4 and 5 name them. Text fields are bytes as on the wire (see data-coding.ts). */
export type PduFields = {
  system_id?: string;
  password?: string;
  system_type?: string;
  interface_version?: number;
  addr_ton?: number;
  addr_npi?: number;
  address_range?: string;
  service_type?: string;
  source_addr_ton?: number;
  source_addr_npi?: number;
  source_addr?: string;
  dest_addr_ton?: number;
  dest_addr_npi?: number;
  destination_addr?: string;
  esm_class?: number;
  protocol_id?: number;
  priority_flag?: number;
  schedule_delivery_time?: string;
  validity_period?: string;
  registered_delivery?: number;
  replace_if_present_flag?: number;
  data_coding?: number;
  sm_default_msg_id?: number;
  short_message?: Bytes;
  message_id?: string;
  message_payload?: Bytes;
  receipted_message_id?: string;
  message_state?: number;
  network_error_code?: Bytes;
  user_message_reference?: number;
  sar_msg_ref_num?: number;
  sar_total_segments?: number;
  sar_segment_seqnum?: number;
  sc_interface_version?: number;
  source_port?: number;
  dest_port?: number;
  /** Tags of vendors, 0x1400 – 0x3fff, written as they are. Read ones stand under their number. */
  vendor_tlvs?: { tag: number; value: Bytes }[];
  dest_address?: DestAddress[];
  unsuccess_sme?: UnsuccessSme[];
  final_date?: string;
  error_code?: number;
  /** Only beside an error, and only to who bound as 5.0. */
  additional_status_info_text?: string;
};

export type Pdu = PduFields & {
  command: string;
  /** Octets on the wire; of PDUs that came in. */
  command_length?: number;
  command_status: number;
  sequence_number: number;
  /** As it came in, and when, in Unix milliseconds; set by the session that read it. */
  octets?: Bytes;
  read_at_ms?: number;
};

export type Header = { length: number; commandId: number; status: number; sequence: number };

/** Reads the 16 octets that begin every PDU. */
export function readHeader(bytes: Bytes): Header {
  return {
    length: bytes.readUInt32BE(0),
    commandId: bytes.readUInt32BE(4),
    status: bytes.readUInt32BE(8),
    sequence: bytes.readUInt32BE(12),
  };
}

const responseBit = 0x8000_0000;
export const isResponseId = (commandId: number): boolean => (commandId & responseBit) !== 0;
