/** What a carrier's errors mean: its own table first, the specification for the rest. */
import {
  defaultVerdict,
  type ErrorKind,
  type ErrorReason,
  type ErrorVerdict,
  gsmReason,
  normaliseErrorCode,
  statusName,
} from "#server/domain/routing/error-codes.ts";

export type ErrorRule = { kind: ErrorKind; code: string; verdict: ErrorVerdict; reason: ErrorReason | null };
export type SubmitError = { code: string; verdict: ErrorVerdict; reason: ErrorReason | null };

export class ErrorTable {
  private readonly rules: Map<string, ErrorRule>;

  constructor(rules: readonly ErrorRule[]) {
    this.rules = new Map(rules.map((rule) => [`${rule.kind} ${rule.code}`, rule]));
  }

  /** @param code in the notation in which it is kept */
  find(kind: ErrorKind, code: string): ErrorRule | undefined {
    return this.rules.get(`${kind} ${code}`);
  }

  /** @param status command_status of a refusal */
  ofSubmit(status: number): SubmitError {
    const code = statusName(status);
    const rule = this.rules.get(`submit ${code}`);
    return { code, verdict: rule?.verdict ?? defaultVerdict(code), reason: rule?.reason ?? null };
  }

  /** @param isGsm the code came as a GSM network error, whose meaning is the same at every carrier */
  reasonOfReceipt(code: string, isGsm: boolean): ErrorReason | null {
    const normal = normaliseErrorCode("receipt", code);
    if (normal === null) return null;
    return this.rules.get(`receipt ${normal}`)?.reason ?? (isGsm ? gsmReason(normal) : null);
  }
}
