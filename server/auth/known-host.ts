/** Which hosts this installation answers on: its own and those of brands. */
import { base } from "#server/auth/database.ts";
import { isNeutralHost } from "#server/auth/host.ts";
import { brandHost } from "#server/domain/branding/host.ts";

export async function answersOn(host: string): Promise<boolean> {
  return isNeutralHost(host) || (await brandHost(base(), host)) !== null;
}
