/** Errors over HTTP: RFC 9457 problem documents with a stable code. */
import { STATUS_CODES } from "node:http";
import type { Context } from "#server/kernel/context.ts";
import { isDatabaseAway } from "#server/kernel/database-away.ts";
import { DomainError, httpStatusOf, refusedValue } from "#server/kernel/errors.ts";

export type Problem = {
  type: "about:blank";
  title: string;
  status: number;
  /** Stable: programs decide by it. */
  code: string;
  detail: string;
  requestId: Context["requestId"];
  field?: string;
  issues?: unknown;
};
export type ProblemAnswer = { status: number; headers: Record<string, string>; body: Problem };

const retryAfterS = "2";

/** What a caller may know of an error; anything unexpected says so and no more. */
export function problemOf(error: unknown, requestId: string): ProblemAnswer {
  const refusal = error instanceof DomainError ? error : refusedValue(error);
  if (refusal) {
    const { field, issues, retryAfterSeconds } = refusal.detail;
    const answer = problem(httpStatusOf[refusal.kind], refusal.code, refusal.message, requestId, {
      ...(field ? { field } : {}),
      ...(issues ? { issues } : {}),
    });
    if (typeof retryAfterSeconds === "number") answer.headers["retry-after"] = String(Math.ceil(retryAfterSeconds));
    return answer;
  }
  if (isDatabaseAway(error)) {
    const detail =
      "The service is restarting. Ask again in a moment; repeat a sending with its Idempotency-Key, so that it is not sent twice.";
    return problem(503, "unavailable", detail, requestId);
  }
  const known = fromFramework(error);
  if (known) return problem(known.status, known.code, known.detail, requestId);
  return problem(
    500,
    "internal",
    "Something went wrong on our side. Ask again; tell support the requestId.",
    requestId,
  );
}

export function problem(
  status: number,
  code: string,
  detail: string,
  requestId: string,
  more: Pick<Problem, "field" | "issues"> = {},
): ProblemAnswer {
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (status === 503 || status === 429) headers["retry-after"] = retryAfterS;
  const title = STATUS_CODES[status] ?? "Error";
  return { status, headers, body: { type: "about:blank", title, status, code, detail, requestId, ...more } };
}

/** What fastify refuses before a handler runs. */
function fromFramework(error: unknown): { status: number; code: string; detail: string } | null {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return { status: 413, code: "body_too_large", detail: "The body is too large. Send fewer messages in one call." };
  }
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return { status: 415, code: "unsupported_media_type", detail: "Send plain application/json in UTF-8." };
  }
  if (code === "FST_ERR_CTP_INVALID_JSON_BODY" || code === "FST_ERR_CTP_EMPTY_JSON_BODY") {
    return { status: 400, code: "malformed_json", detail: "The body is not valid JSON in UTF-8." };
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return { status: 408, code: "request_timeout", detail: "The request took too long to arrive. Send it again." };
  }
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: "bad_request", detail: "The request cannot be understood." };
  }
  return null;
}
