/** command_status values (SMPP 3.4 section 5.1.3): their names, and what a sender should do about each. */

export const commandStatus = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommandId: 0x03,
  wrongBindStatus: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  invalidSource: 0x0a,
  invalidDestination: 0x0b,
  invalidPriority: 0x06,
  invalidRegisteredDelivery: 0x07,
  invalidMessageId: 0x0c,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  cancelFailed: 0x11,
  replaceFailed: 0x13,
  invalidDestCount: 0x33,
  invalidDestFlag: 0x40,
  invalidEsmClass: 0x43,
  invalidListName: 0x44,
  submitFailed: 0x45,
  throttled: 0x58,
  invalidSchedule: 0x61,
  invalidExpiry: 0x62,
  temporaryReceiverError: 0x64,
  permanentReceiverError: 0x65,
  invalidOptionalValue: 0xc4,
  /** Of SMPP 5.0; 3.4 has no better one. */
  invalidDataCoding: 0x104,
} as const;

const names: Record<number, string> = {
  0: "ESME_ROK",
  1: "ESME_RINVMSGLEN",
  2: "ESME_RINVCMDLEN",
  3: "ESME_RINVCMDID",
  4: "ESME_RINVBNDSTS",
  5: "ESME_RALYBND",
  6: "ESME_RINVPRTFLG",
  7: "ESME_RINVREGDLVFLG",
  8: "ESME_RSYSERR",
  10: "ESME_RINVSRCADR",
  11: "ESME_RINVDSTADR",
  12: "ESME_RINVMSGID",
  13: "ESME_RBINDFAIL",
  14: "ESME_RINVPASWD",
  15: "ESME_RINVSYSID",
  17: "ESME_RCANCELFAIL",
  19: "ESME_RREPLACEFAIL",
  20: "ESME_RMSGQFUL",
  21: "ESME_RINVSERTYP",
  51: "ESME_RINVNUMDESTS",
  64: "ESME_RINVDESTFLAG",
  67: "ESME_RINVESMCLASS",
  68: "ESME_RCNTSUBDL",
  69: "ESME_RSUBMITFAIL",
  72: "ESME_RINVSRCTON",
  73: "ESME_RINVSRCNPI",
  80: "ESME_RINVDSTTON",
  81: "ESME_RINVDSTNPI",
  83: "ESME_RINVSYSTYP",
  88: "ESME_RTHROTTLED",
  97: "ESME_RINVSCHED",
  98: "ESME_RINVEXPIRY",
  100: "ESME_RX_T_APPN",
  101: "ESME_RX_P_APPN",
  102: "ESME_RX_R_APPN",
  192: "ESME_RINVOPTPARSTREAM",
  195: "ESME_RMISSINGOPTPARAM",
  196: "ESME_RINVOPTPARAMVAL",
  254: "ESME_RDELIVERYFAILURE",
  255: "ESME_RUNKNOWNERR",
  260: "ESME_RINVDCS",
};

/** The specification's name, or the number in hex for a vendor's own. */
export const statusName = (status: number): string =>
  names[status] ?? `0x${status.toString(16).padStart(8, "0").toUpperCase()}`;

/**
 * accepted: the carrier took it. throttled: we are too fast; the same message may be accepted a moment later.
 * temporary: the carrier cannot now. permanent: it never will, so trying again only costs.
 */
export type Verdict = "accepted" | "throttled" | "temporary" | "permanent";

export function verdictOf(status: number): Verdict {
  if (status === commandStatus.ok) return "accepted";
  if (status === commandStatus.throttled || status === commandStatus.queueFull) return "throttled";
  if (status === commandStatus.systemError || status === commandStatus.temporaryReceiverError) return "temporary";
  return "permanent";
}
