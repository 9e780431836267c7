/** OAuth 2.0 client credentials (RFC 6749 section 4.4): asks a partner's token address, and knows how long the token holds. */
import { BodyReader } from "#server/domain/routing/http-body.ts";
import type { HttpDescription } from "#server/domain/routing/http-description.ts";
import { DomainError } from "#server/kernel/errors.ts";
import type { Guard } from "#server/kernel/outbound.ts";
import { fetchOutside } from "#server/kernel/outbound-fetch.ts";

export type HttpToken = { token: string; validMs: number };

/** When the partner does not say it. */
const usualValidSeconds = 300;
const timeoutMs = 10_000;

/** @throws unavailable `no_token`, or as fetchOutside */
export async function fetchToken(
  { user, tokenUrl, scope }: HttpDescription["auth"],
  secret: string,
  guard: Guard = {},
): Promise<HttpToken> {
  const form = new URLSearchParams({ grant_type: "client_credentials", ...(scope ? { scope } : {}) });
  const encoded = (text: string) => encodeURIComponent(text);
  const response = await fetchOutside(
    tokenUrl,
    {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        accept: "application/json",
        authorization: `Basic ${Buffer.from(`${encoded(user)}:${encoded(secret)}`).toString("base64")}`,
      },
      body: form.toString(),
      timeoutMs,
      maxBytes: 65_536,
    },
    guard,
  );
  const token = response.status === 200 ? tokenOf(response.body, response.headers["content-type"] ?? "") : null;
  if (!token) throw new DomainError("unavailable", "no_token", `The token address answers ${response.status}.`);
  return token;
}

/** Tokens are longer than ids, so they are read as they are. */
function tokenOf(bytes: Uint8Array, contentType: string): HttpToken | null {
  const reader = new BodyReader({ bytes, contentType, headers: {} });
  const token = reader.read({ from: "json", path: "/access_token" }, 8_000);
  if (token === null || !/^[\x21-\x7e]+$/.test(token)) return null;
  const seconds = Number(reader.read({ from: "json", path: "/expires_in" }) ?? usualValidSeconds);
  return { token, validMs: Math.max(1, Number.isFinite(seconds) ? seconds : usualValidSeconds) * 1_000 };
}
