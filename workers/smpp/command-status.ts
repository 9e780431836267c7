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
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  submitFailed: 0x45,
  throttled: 0x58,
  temporaryReceiverError: 0x64,
  permanentReceiverError: 0x65,
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
  20: "ESME_RMSGQFUL",
  21: "ESME_RINVSERTYP",
  67: "ESME_RINVESMCLASS",
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
