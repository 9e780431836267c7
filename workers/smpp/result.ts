/** A value or a reason: what reads foreign bytes answers with this and never throws. */
export type Result<T> = { ok: true; value: T } | { ok: false; reason: string };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failure = (reason: string): { ok: false; reason: string } => ({ ok: false, reason });
