/** next-auth: credentials only, JWT sessions, cookies bound to the host that set them. */
import type { NextAuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { z } from "zod";
import { base } from "#server/auth/database.ts";
import { authSecret, claimOf, cookieName } from "#server/auth/session.ts";
import { endSession } from "#server/domain/identity/end-session.ts";
import { loadSession } from "#server/domain/identity/load-session.ts";
import { sessionLifeS } from "#server/domain/identity/session-claim.ts";
import { signIn } from "#server/domain/identity/sign-in.ts";
import { DomainError } from "#server/kernel/errors.ts";
import { log } from "#server/kernel/log.ts";

const form = z.object({ email: z.string().trim().max(320), password: z.string().max(1024) });

/** What a Location header can carry, and no browser reads as another host. */
const ownPath = /^\/(?![/\\])[\x21-\x7e]*$/;

/** @param origin the host the form was posted on: whose brand's people may sign in there */
export function authOptions(origin: { host: string; https: boolean; ip: string }): NextAuthOptions {
  return {
    secret: authSecret(),
    useSecureCookies: origin.https,
    session: { strategy: "jwt", maxAge: sessionLifeS },
    pages: { signIn: "/sign-in", error: "/sign-in", signOut: "/sign-in" },
    cookies: {
      sessionToken: hostOnly("session", origin.https),
      callbackUrl: hostOnly("callback-url", origin.https),
      csrfToken: hostOnly("csrf-token", origin.https),
    },
    providers: [
      Credentials({
        name: "password",
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: (credentials) => authorize(credentials, origin),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user ? { sub: user.id, sid: user.sessionId, sessionVersion: user.sessionVersion } : whileValid(token),
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) => (ownPath.test(url) ? `${baseUrl}${url}` : baseUrl),
    },
    events: {
      async signOut({ token }) {
        const session = claimOf(token);
        if (session) await endSession(base(), session);
      },
    },
    logger: {
      error: (code, detail) => log.warn({ code, err: errorIn(detail) }, "sign-in answered with an error"),
      warn: (code) => log.debug({ code }, "next-auth warning"),
      debug: () => {},
    },
  };
}

/** Asked whenever the cookie is made anew: a session that was ended would live on by it. */
async function whileValid(token: JWT): Promise<JWT> {
  const session = claimOf(token);
  if (!session || !(await loadSession(base(), session))) throw new Error("The session has ended.");
  return token;
}

const errorIn = (detail: unknown): unknown =>
  detail instanceof Error ? detail : (detail as { error?: unknown } | null)?.error;

/** A refusal reaches the form as its stable code; anything else as one word, with the cause in the log. */
async function authorize(credentials: unknown, origin: { host: string; ip: string }) {
  const parsed = form.safeParse(credentials);
  if (!parsed.success) throw new Error("invalid_credentials");
  try {
    const user = await signIn(base(), { ...parsed.data, host: origin.host, ip: origin.ip });
    return { id: user.userId, sessionId: user.sessionId, sessionVersion: user.sessionVersion };
  } catch (error) {
    if (error instanceof DomainError) throw new Error(error.code);
    log.error({ err: error }, "sign-in failed on our side");
    throw new Error("unavailable");
  }
}

function hostOnly(name: string, https: boolean) {
  return {
    name: cookieName(name, https),
    options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure: https },
  };
}
