/** A person's session, opened over HTTP as the sign-in form does it: for journeys that are not about signing in. */
import { createTRPCClient, httpLink, type TRPCClient } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "#server/routers/root.ts";

export type Person = { email: string; password: string };
export type Api = TRPCClient<AppRouter>;
export type Session = { cookie: { name: string; value: string }; api: Api };

/** @throws when the sign-in is refused, with the refusal's code */
export async function openSession(baseUrl: string, { email, password }: Person): Promise<Session> {
  const first = await fetch(`${baseUrl}/api/auth/csrf`);
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const answer = await fetch(`${baseUrl}/api/auth/callback/credentials`, {
    method: "POST",
    body: new URLSearchParams({ email, password, csrfToken, json: "true", callbackUrl: "/console" }),
    headers: { cookie: first.headers.getSetCookie().map(pairOf).join("; ") },
  });
  const [name, value] = (answer.headers.getSetCookie().map(pairOf).find(isSession) ?? "").split("=");
  if (!name || !value) throw new Error(`${email} is not signed in: ${await answer.text()}`);
  return { cookie: { name, value }, api: apiOf(baseUrl, `${name}=${value}`) };
}

const pairOf = (header: string): string => header.split(";")[0] ?? "";
const isSession = (pair: string): boolean => /^(__Host-)?session=./.test(pair);

function apiOf(baseUrl: string, cookie: string): Api {
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${baseUrl}/api/trpc`, transformer: superjson, headers: { cookie } })],
  });
}
