/** Who calls: the key, from where the request carries it, and whether it may be used from there and at this address. */
import type { FastifyRequest } from "fastify";
import { authenticateKey } from "#server/domain/identity/authenticate-key.ts";
import type { Context } from "#server/kernel/context.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { clientOf, type TrustedProxies } from "#workers/gateway/client.ts";
import { ServiceAddresses } from "#workers/gateway/service-address.ts";
import { noteCaller } from "#workers/gateway/trace-sent.ts";

/** @throws unauthenticated `missing_key`, `invalid_key` · forbidden `ip_not_allowed`, `wrong_service_url` */
export type Authenticate = (request: FastifyRequest, key: string | undefined) => Promise<Context>;

export function authenticator(base: Pick<Context, "db" | "clock">, trusted: TrustedProxies): Authenticate {
  const addresses = new ServiceAddresses(base, trusted);
  return async (request, key) => {
    const { raw } = request;
    if (!key) {
      throw new DomainError("unauthenticated", "missing_key", "Send your API key: Authorization: Bearer <key>.");
    }
    const { ip } = clientOf(raw, trusted);
    const ctx = await authenticateKey(base, { key, ip });
    await addresses.admit(ctx, raw);
    noteCaller(ctx, request, ip);
    return ctx;
  };
}

export const bearerKey = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];

/** RFC 7617, for programs that know names and passwords only: the key is the password, the name is nobody's. */
export function basicKey({ headers }: FastifyRequest): string | undefined {
  const encoded = /^Basic\s+([A-Za-z0-9+/]+=*)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, "base64").toString("utf8");
  return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : undefined;
}
