/** The one family of errors that verbs throw; each edge has one table from these kinds to its own answers. */

export const errorKinds = [
  "invalid_input",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "insufficient_funds",
  "rate_limited",
  "unavailable",
] as const;
export type ErrorKind = (typeof errorKinds)[number];

/** For every edge that speaks HTTP. */
export const httpStatusOf = {
  invalid_input: 400,
  unauthenticated: 401,
  insufficient_funds: 402,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;

export type ErrorDetail = { field?: string; [key: string]: unknown };

/**
 * An error that a caller can act on.
 * @property kind what class of answer it is (an edge maps this)
 * @property code stable and unique, for example `sender_not_approved`; documented in docs/api/errors.md
 * @property message plain English that says what to do; safe to show to this caller
 */
export class DomainError extends Error {
  override readonly name = "DomainError";
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly detail: ErrorDetail = {},
  ) {
    super(message);
  }
}

export const invalidInput = (code: string, message: string, detail?: ErrorDetail) =>
  new DomainError("invalid_input", code, message, detail);
export const forbidden = (permission: string) =>
  new DomainError("forbidden", "forbidden", "Your role does not allow this. Ask an owner of your account.", {
    permission,
  });
export const outOfScope = (permission: string) =>
  new DomainError("forbidden", "forbidden", `The key's scopes do not allow this: it needs ${permission}.`, {
    permission,
  });
/** Also the answer for what exists outside the caller's scope: it must not be told apart from what does not exist. */
export const notFound = (what: string) => new DomainError("not_found", `${what}_not_found`, `No such ${what}.`);
export const conflict = (code: string, message: string, detail?: ErrorDetail) =>
  new DomainError("conflict", code, message, detail);

/**
 * What Postgres could not take as a value: class 22 of SQLSTATE, "data exception" (a number out of range, a date that no
 * calendar has). It was somebody's input, so that is what is answered.
 * @returns null for any other error
 */
export function refusedValue(error: unknown): DomainError | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === "string" && /^22\w{3}$/.test(code)) {
    return invalidInput("invalid_input", "A value in the request is not one that can be stored or compared.");
  }
  return cause === undefined || cause === error ? null : refusedValue(cause);
}
