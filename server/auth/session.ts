/** The session cookie: an encrypted JWT that names the user, the session and its version, nothing else. */
import { decode, type JWT } from "next-auth/jwt";
import { env } from "#env.ts";
import { isHttps } from "#server/auth/host.ts";
import type { Session } from "#server/domain/identity/session-claim.ts";

/** Host-only: a brand's session is never sent to another brand's host, nor to a subdomain. */
export const cookieName = (name: string, https: boolean): string => (https ? `__Host-${name}` : name);

/** @throws when AUTH_SECRET is not set: without it nobody could be told from anybody */
export function authSecret(): string {
  if (!env.AUTH_SECRET) throw new Error("AUTH_SECRET is not set: it signs sessions. Set it to 32 random characters.");
  return env.AUTH_SECRET;
}

/** Reads the claim from a request's headers; null when there is none, or it is forged or too old. */
export async function sessionOf(headers: Headers): Promise<Session | null> {
  const token = cookieOf(headers, cookieName("session", isHttps(headers)));
  if (!token) return null;
  return claimOf(await decode({ token, secret: authSecret() }).catch(() => null));
}

/** Null when the cookie holds something else. */
export function claimOf(token: JWT | null): Session | null {
  if (!token?.sub || typeof token.sid !== "string" || typeof token.sessionVersion !== "number") return null;
  return { userId: token.sub, sessionId: token.sid, sessionVersion: token.sessionVersion };
}

function cookieOf(headers: Headers, name: string): string | null {
  for (const pair of (headers.get("cookie") ?? "").split(/;\s*/)) {
    // Ours needs no escapes.
    if (pair.startsWith(`${name}=`)) return pair.slice(name.length + 1);
  }
  return null;
}
