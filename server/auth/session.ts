/** The session cookie: an encrypted JWT that names the user and the session version, nothing else. */
import { decode } from "next-auth/jwt";
import { env } from "#env.ts";
import { isHttps } from "#server/auth/host.ts";

export const sessionMaxAgeS = 7 * 24 * 60 * 60;

/** Host-only: a brand's session is never sent to another brand's host, nor to a subdomain. */
export const cookieName = (name: string, https: boolean): string => (https ? `__Host-${name}` : name);

export type SessionClaim = { userId: string; sessionVersion: number };

/** @throws when AUTH_SECRET is not set: without it nobody could be told from anybody */
export function authSecret(): string {
  if (!env.AUTH_SECRET) throw new Error("AUTH_SECRET is not set: it signs sessions. Set it to 32 random characters.");
  return env.AUTH_SECRET;
}

/** Reads the claim from a request's headers; null when there is none, or it is forged or too old. */
export async function sessionOf(headers: Headers): Promise<SessionClaim | null> {
  const token = cookieOf(headers, cookieName("session", isHttps(headers)));
  if (!token) return null;
  const claim = await decode({ token, secret: authSecret() }).catch(() => null);
  if (!claim?.sub || typeof claim.sessionVersion !== "number") return null;
  return { userId: claim.sub, sessionVersion: claim.sessionVersion };
}

function cookieOf(headers: Headers, name: string): string | null {
  for (const pair of (headers.get("cookie") ?? "").split(/;\s*/)) {
    if (pair.startsWith(`${name}=`)) return decodeURIComponent(pair.slice(name.length + 1));
  }
  return null;
}
