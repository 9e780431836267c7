/** Carriers' error codes: how they are written, what each means by the specification, and what a sender does then. */
import type { errorKinds, errorReasons, errorVerdicts } from "#db/schema/routing.ts";

export type ErrorKind = (typeof errorKinds)[number];
/**
 * retry_now: the same message again at once. retry_later: with a growing pause. throttle: slower, the message was only
 * too early. failover: over another route, where there is one. fail: it never will, so trying again only costs.
 */
export type ErrorVerdict = (typeof errorVerdicts)[number];
export type ErrorReason = (typeof errorReasons)[number];

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

const maxStatus = 0xffff_ffff;
const numbers = new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]));

/** The specification's name, or the number in hex for a vendor's own. */
export const statusName = (status: number): string =>
  names[status] ?? `0x${status.toString(16).padStart(8, "0").toUpperCase()}`;

/**
 * The one notation in which a code is kept: of an answer its name or eight hex digits (people write 0x58, 88 or the
 * name), of a receipt capitals without leading zeros. Null for what is no code, and for success.
 */
export function normaliseErrorCode(kind: ErrorKind, text: string): string | null {
  const code = text.trim().toUpperCase();
  if (kind === "receipt") return /^0*[0-9A-Z_.-]{1,32}$/.test(code) ? code.replace(/^0+/, "") || null : null;
  const isNumber = /^(?:0X[0-9A-F]{1,8}|\d{1,10})$/.test(code);
  const status = isNumber ? Number(code) : numbers.get(code);
  return status && status <= maxStatus ? statusName(status) : null;
}

/** An answer's code over HTTP: the partner's own in capitals, or HTTP_404 for a status. Null for what is no code. */
export function normaliseHttpCode(text: string): string | null {
  const code = text.trim().toUpperCase();
  return /^[\x20-\x7e]{1,40}$/.test(code) ? code : null;
}

const submitDefaults: Record<string, ErrorVerdict> = {
  ESME_RTHROTTLED: "throttle",
  ESME_RMSGQFUL: "throttle",
  ESME_RSYSERR: "retry_later",
  ESME_RX_T_APPN: "retry_later",
};

/** What an answer means where the carrier's own table says nothing. */
export const defaultVerdict = (code: string): ErrorVerdict => submitDefaults[code] ?? "fail";

/** Errors of mobile networks (3GPP TS 29.002 section 17.6.6): what a network_error_code of type GSM holds. */
const gsmReasons: Record<string, ErrorReason> = {
  1: "unknown_number",
  5: "unknown_number",
  6: "unreachable",
  9: "barred",
  10: "not_supported",
  11: "not_supported",
  12: "not_supported",
  13: "barred",
  21: "not_supported",
  27: "unreachable",
  31: "busy",
  32: "network",
  33: "unreachable",
  34: "network",
  35: "network",
  36: "network",
};

export const gsmReason = (code: string): ErrorReason | null => gsmReasons[code] ?? null;
