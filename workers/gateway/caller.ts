/** Who calls: the key, from where the request carries it, and whether it may be used from there and at this address. */
import type { IncomingMessage } from "node:http";
import { authenticateKey, rememberedCaller } from "#server/domain/identity/authenticate-key.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { clientOf, type TrustedProxies } from "#workers/gateway/client.ts";
import { ServiceAddresses } from "#workers/gateway/service-address.ts";
import { noteCaller } from "#workers/gateway/trace-sent.ts";

/**
 * At once when the key and the address were asked about a moment ago.
 * @param route its pattern: an address itself may hold a key
 * @throws unauthenticated `missing_key`, `invalid_key` · forbidden `ip_not_allowed`, `wrong_service_url`
 */
export type Authenticate = (
  request: IncomingMessage,
  route: string,
  key: string | undefined,
) => Promise<Context> | Context;

export function authenticator(base: Pick<Context, "db" | "clock">, trusted: TrustedProxies): Authenticate {
  const addresses = new ServiceAddresses(base, trusted);
  return (request, route, key) => {
    if (!key) {
      throw new DomainError("unauthenticated", "missing_key", "Send your API key: Authorization: Bearer <key>.");
    }
    const { ip } = clientOf(request, trusted);
    const admit = (ctx: Context) => {
      const admitted = addresses.admit(ctx, request);
      noteCaller(ctx, request, route, ip);
      return admitted instanceof Promise ? admitted.then(() => ctx) : ctx;
    };
    const known = rememberedCaller(base, { key, ip });
    return known ? admit(known) : authenticateKey(base, { key, ip }).then(admit);
  };
}

export const bearerKey = ({ headers }: Pick<IncomingMessage, "headers">): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];

/** RFC 7617, for programs that know names and passwords only: the key is the password, the name is nobody's. */
export function basicKey({ headers }: Pick<IncomingMessage, "headers">): string | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/]+=*)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : undefined;
}
