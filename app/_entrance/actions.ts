"use server";
/** What people do before they are signed in: accept an invitation, ask for a new password, set it. */
import { base } from "#server/auth/database.ts";
import { acceptInvitation } from "#server/domain/identity/accept-invitation.ts";
import type { AcceptInvitation, RequestPasswordReset, ResetPassword } from "#server/domain/identity/input.ts";
import { requestPasswordReset, resetPassword } from "#server/domain/identity/reset-password.ts";
import { DomainError } from "#server/kernel/errors.ts";

/** A refusal travels as data: Next hides the messages of errors thrown in production. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; code: string; message: string; field?: string };

export async function accept(input: AcceptInvitation): Promise<Outcome<{ email: string }>> {
  return settle(acceptInvitation(base(), input));
}

export async function forgot(input: RequestPasswordReset): Promise<Outcome<null>> {
  return settle(requestPasswordReset(base(), input).then(() => null));
}

export async function reset(input: ResetPassword): Promise<Outcome<{ email: string }>> {
  return settle(resetPassword(base(), input));
}

async function settle<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { ok: false, code: error.code, message: error.message, field: error.detail.field };
  }
}
