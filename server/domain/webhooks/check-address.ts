/** The address of an endpoint, checked when it is saved; it is checked again at every connection. */
import { DomainError } from "#server/kernel/errors.ts";
import { checkSavedPlace, type Guard, type Place } from "#server/kernel/outbound.ts";

export function placeOf(address: string): Place & { tls: boolean } {
  const url = new URL(address);
  const tls = url.protocol === "https:";
  return { host: url.hostname, port: Number(url.port || (tls ? 443 : 80)), tls };
}

/** @throws invalid_input `host_not_allowed`, on the field `url` */
export async function checkAddress(address: string, guard: Guard = {}): Promise<void> {
  await checkSavedPlace(placeOf(address), guard).catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.kind, error.code, error.message, { ...error.detail, field: "url" });
  });
}
