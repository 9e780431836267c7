/** What a partner's answer to a message means: taken, refused and what then, or nothing that anybody could rely on. Pure. */
import { type ErrorReason, type ErrorVerdict, normaliseHttpCode } from "#server/domain/routing/error-codes.ts";
import type { ErrorTable } from "#server/domain/routing/error-table.ts";
import { BodyReader, type HttpBody } from "#server/domain/routing/http-body.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";

export type HttpAnswer = HttpBody & {
  status: number;
  /** False when it broke off, or was longer than anybody needs. */
  isWhole: boolean;
};

/**
 * accepted: with the partner's id, or null when none is wanted. refused: as the error table says. lost: the partner may
 * have taken it. closed: nothing about this message; the account or the address is wrong, and so for every message.
 */
export type HttpOutcome =
  | { kind: "accepted"; carrierId: string | null }
  | { kind: "refused"; verdict: ErrorVerdict; code: string; reason: ErrorReason | null }
  | { kind: "lost"; why: string }
  | { kind: "closed"; why: string };

export function readAnswer(
  { answer, receipts }: Pick<HttpDescription, "answer" | "receipts">,
  got: HttpAnswer,
  errors: ErrorTable,
): HttpOutcome {
  const body = new BodyReader(got);
  const wantsId = receipts.kind !== "none" && receipts.idIs === "carrier";
  if (isAmong(answer.statuses, got.status)) {
    const said = answer.success ? body.read(answer.success) : null;
    const isSuccess = !answer.success || (said !== null && isOneOf(answer.success.values, said));
    if (isSuccess) {
      const carrierId = answer.id ? body.read(answer.id) : null;
      if (carrierId === null && wantsId) return { kind: "lost", why: "no id in the answer" };
      return { kind: "accepted", carrierId: receipts.kind !== "none" && receipts.idIs === "ours" ? null : carrierId };
    }
    const code = answer.error ? body.read(answer.error) : null;
    // Neither yes nor no: a page of somebody in between, or half an answer.
    if (said === null && code === null) return { kind: "lost", why: "the answer cannot be read" };
    return refusal(errors, code ?? said, got.status);
  }
  return refusal(errors, answer.error ? body.read(answer.error) : null, got.status);
}

function refusal(errors: ErrorTable, found: string | null, status: number): HttpOutcome {
  const statusCode = `HTTP_${status}`;
  const code = found === null ? statusCode : (normaliseHttpCode(found) ?? statusCode);
  const rule = errors.find("submit", code) ?? errors.find("submit", statusCode);
  if (rule) return { kind: "refused", code, verdict: rule.verdict, reason: rule.reason };
  const usual = usualOf(status, code !== statusCode);
  if (usual === "lost") return { kind: "lost", why: statusCode };
  if (usual === "closed") return { kind: "closed", why: statusCode };
  return { kind: "refused", code, verdict: usual, reason: null };
}

/** Where the account is wrong, is out of credit, or nothing lives at the address: no fault of any message. */
const closedStatuses = new Set([401, 402, 403, 404, 405, 407, 410, 421, 426, 511]);

/** RFC 9110 section 15. A server error without a code may come from in front of the partner, which may have the message. */
function usualOf(status: number, hasCode: boolean): ErrorVerdict | "lost" | "closed" {
  if (status === 429) return "throttle";
  if (status === 408 || status === 425 || status === 503) return "retry_later";
  if (status >= 500) return hasCode ? "retry_later" : "lost";
  if (hasCode) return "fail";
  if (closedStatuses.has(status) || (status >= 300 && status < 400)) return "closed";
  return "fail";
}

const isOneOf = (values: readonly string[], said: string): boolean =>
  values.some((value) => value.toLowerCase() === said.toLowerCase());

/** @param ranges as 200, 201-204 */
const isAmong = (ranges: string, status: number): boolean =>
  ranges.split(",").some((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return status >= first && status <= last;
  });
