/** Which plain-language explanation belongs to a status and to a carrier's or our own error code. Pure. */

/**
 * command_status of SMPP 3.4 section 5.1.3 by what a sender can do about it, and the codes that the platform itself
 * gives.
 */
const causes: Record<string, readonly string[]> = {
  destination: ["ESME_RINVDSTADR", "ESME_RINVDSTTON", "ESME_RINVDSTNPI"],
  source: ["ESME_RINVSRCADR", "ESME_RINVSRCTON", "ESME_RINVSRCNPI"],
  length: ["ESME_RINVMSGLEN"],
  busy: ["ESME_RTHROTTLED", "ESME_RMSGQFUL"],
  temporary: ["ESME_RSYSERR", "ESME_RX_T_APPN"],
  refused: ["ESME_RSUBMITFAIL", "ESME_RX_P_APPN", "ESME_RX_R_APPN", "ESME_RDELIVERYFAILURE", "ESME_RUNKNOWNERR"],
  validity_over: ["validity_over"],
  no_receipt: ["no_receipt"],
  content_rejected: ["content_rejected"],
};

/** @returns a key under `messages.cause`; `settings` for the rest of SMPP's codes, `carrier` for a carrier's own */
export function causeOf(code: string): string {
  const known = Object.entries(causes).find(([, codes]) => codes.includes(code));
  if (known) return known[0];
  return code.startsWith("ESME_") ? "settings" : "carrier";
}

/** What an attempt's answer says about each part: the carrier's id, its refusal, or that nobody knows. */
export type PartAnswer = {
  partNumber: number;
  carrierId?: string;
  code?: string;
  /** What the carrier's own table says about the code. */
  reason?: string;
  lost?: string;
  unsent?: string;
};

/** The timeline's detail is free JSON: whatever is not a list of answers is none. */
export function answersOf(detail: Record<string, unknown>): PartAnswer[] {
  const { parts } = detail;
  return Array.isArray(parts) ? parts.filter((part) => typeof part === "object" && part !== null) : [];
}

export const hasFailed = (answer: PartAnswer): boolean =>
  answer.code !== undefined || answer.lost !== undefined || answer.unsent !== undefined;

const plainKeys = [
  "state",
  "errorCode",
  "carrierId",
  "attempt",
  "connectorId",
  "toConnectorId",
  "text",
  "why",
] as const;

/** The protocol's own words of an event, for those who talk to the carrier. */
export function technicalFacts(detail: Record<string, unknown>): { key: string; part?: number; value: string }[] {
  const single = plainKeys.flatMap((key) => {
    const value = detail[key];
    return typeof value === "string" || typeof value === "number" ? [{ key, value: String(value) }] : [];
  });
  const answers = answersOf(detail).flatMap(({ partNumber, ...answer }) =>
    Object.entries(answer).map(([key, value]) => ({ key, part: partNumber, value: String(value) })),
  );
  return [...single, ...answers];
}
