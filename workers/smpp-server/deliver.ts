/** What a client is told of a message's end: deliver_sm with the text of SMPP 3.4 appendix B, and TLVs that say the same. */
import type { OutgoingReceipt } from "#server/domain/delivery/claim-outgoing.ts";
import type { BindAccount } from "#server/domain/smpp-accounts/work.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";
import { formatReceipt, numberOfState, type ReceiptState } from "#workers/smpp/receipt.ts";

const receiptEsmClass = 0x04;
/** network_error_code: the network's type is GSM, SMPP 3.4 section 5.3.2.31. */
const gsm = 3;

const stateOfStatus: Record<string, ReceiptState> = {
  delivered: "DELIVRD",
  undelivered: "UNDELIV",
  failed: "UNDELIV",
  expired: "EXPIRED",
  cancelled: "DELETED",
  rejected: "REJECTD",
};
export const stateOf = (status: string): ReceiptState => stateOfStatus[status] ?? "UNKNOWN";

/** Our own words for why a message ended, in three digits; carriers' numbers are passed on. */
const errorOfWord: Record<string, number> = {
  validity_over: 901,
  no_receipt: 902,
  cancelled: 903,
  rejected: 904,
  parts_missing: 905,
};
const otherError = 999;

export function errorNumber(code: string | null): number {
  if (!code) return 0;
  const digits = /^\d{1,5}$/.test(code) ? Number(code) : Number.NaN;
  if (digits <= 0xffff) return digits;
  return errorOfWord[code] ?? otherError;
}

/** TON and NPI by the look of an address: a name, an international number, or a short one. */
function kindOf(address: string): { ton: number; npi: number } {
  if (!/^\d+$/.test(address)) return { ton: 5, npi: 0 };
  return address.length > 8 ? { ton: 1, npi: 1 } : { ton: 3, npi: 0 };
}

/** @param messageId the id that the submit was answered with */
export function deliverSm(
  receipt: OutgoingReceipt,
  messageId: string,
  account: BindAccount,
  withTlvs: boolean,
): PduFields {
  const state = stateOf(receipt.status);
  const error = errorNumber(receipt.errorCode);
  const to = kindOf(receipt.sender);
  const text = formatReceipt({
    carrierId: messageId,
    state,
    errorCode: error === 0 ? "000" : String(error).padStart(3, "0").slice(-3),
    submittedAt: receipt.submittedAt,
    doneAt: receipt.doneAt,
    text: receipt.text.replace(/[^\x20-\x7e]/g, "?"),
    zone: account.receiptZone === "tenant" ? account.timeZone : "UTC",
  });
  const fields: PduFields = {
    service_type: receipt.serviceType,
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: receipt.msisdn,
    dest_addr_ton: to.ton,
    dest_addr_npi: to.npi,
    destination_addr: receipt.sender,
    esm_class: receiptEsmClass,
    data_coding: 0,
    short_message: Buffer.from(text, "latin1"),
  };
  if (!withTlvs) return fields;
  fields.receipted_message_id = messageId;
  fields.message_state = numberOfState[state];
  if (error > 0) fields.network_error_code = Buffer.from([gsm, error >> 8, error & 0xff]);
  if (receipt.userMessageReference !== null) fields.user_message_reference = receipt.userMessageReference;
  return fields;
}
