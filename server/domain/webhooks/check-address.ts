/** The address of an endpoint, checked when it is saved; it is checked again at every connection. */
import { DomainError } from "#server/kernel/errors.ts";
import { checkSavedPlace, type Guard, placeOf } from "#server/kernel/outbound.ts";

/** @throws invalid_input `host_not_allowed`, on the field `url` */
export async function checkAddress(address: string, guard: Guard = {}): Promise<void> {
  await checkSavedPlace(placeOf(address), guard).catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.kind, error.code, error.message, { ...error.detail, field: "url" });
  });
}
