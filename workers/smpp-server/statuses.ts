/** The one table from refusals and errors to command_status; docs/api/smpp.md shows it to clients. */
import type { SubmitOutcome } from "#server/domain/messages/outcome.ts";
import { isDatabaseAway } from "#server/kernel/database-away.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";

/** Our own, in the range that SMPP 3.4 section 5.1.3 leaves to vendors. */
export const vendorStatus = {
  /** No order, no price, or no money left. */
  noFunds: 0x400,
  suspended: 0x401,
  blockedContent: 0x402,
  optedOut: 0x403,
  noRoute: 0x404,
} as const;

const statusOfCode: Record<string, number> = {
  invalid_number: commandStatus.invalidDestination,
  unknown_operator: commandStatus.invalidDestination,
  sender_not_approved: commandStatus.invalidSource,
  empty_text: commandStatus.invalidMessageLength,
  text_too_long: commandStatus.invalidMessageLength,
  invalid_text: commandStatus.submitFailed,
  tenant_suspended: vendorStatus.suspended,
  blocked_content: vendorStatus.blockedContent,
  opted_out: vendorStatus.optedOut,
  no_route: vendorStatus.noRoute,
  no_order: vendorStatus.noFunds,
  order_expired: vendorStatus.noFunds,
  order_used_up: vendorStatus.noFunds,
  no_price: vendorStatus.noFunds,
  sender_not_covered: commandStatus.invalidSource,
  temporarily_unavailable: vendorStatus.noFunds,
};

/** What is answered to a submit, and in words for who may read them (5.0). */
export type Verdict = { status: number; info?: string };

export function verdictOfOutcome({ error }: Pick<SubmitOutcome, "error">): Verdict {
  if (!error) return { status: commandStatus.ok };
  return { status: statusOfCode[error.code] ?? commandStatus.submitFailed, info: error.message };
}

export function verdictOfError(error: unknown): Verdict {
  if (error instanceof DomainError) {
    if (error.kind === "rate_limited") return { status: commandStatus.throttled };
    if (error.kind === "unavailable") return { status: commandStatus.systemError, info: error.message };
    if (error.kind === "not_found") return { status: commandStatus.invalidMessageId };
    return { status: statusOfCode[error.code] ?? commandStatus.submitFailed, info: error.message };
  }
  if (!isDatabaseAway(error)) logOnceASecond(error);
  return { status: commandStatus.systemError, info: "Temporarily unavailable. Send it again in a moment." };
}

let loggedAtMs = 0;
/** A fault that every message meets must not fill the disk. */
function logOnceASecond(error: unknown): void {
  const nowMs = Date.now();
  if (nowMs - loggedAtMs < 1_000) return;
  loggedAtMs = nowMs;
  log.error({ err: error }, "unexpected error in a request");
}
