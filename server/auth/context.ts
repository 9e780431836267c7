/** Who asks: the context of the signed-in user or of the API key, or null. The only door from the web to the verbs. */
import { headers } from "next/headers";
import { cache } from "react";
import { base } from "#server/auth/database.ts";
import { sessionOf } from "#server/auth/session.ts";
import { authenticateKey } from "#server/domain/identity/authenticate-key.ts";
import { loadSession } from "#server/domain/identity/load-session.ts";
import type { Actor } from "#server/kernel/actor.ts";
import type { Context } from "#server/kernel/context.ts";

/** The signed-in user's context; the session version is checked against the database, once a request. */
export const getContext = cache(async (): Promise<Context | null> => userContext(await headers()));

export async function getActor(): Promise<Actor | null> {
  return (await getContext())?.actor ?? null;
}

/** For tRPC: an API key in Authorization wins over a session cookie. */
export async function contextFromHeaders(headers: Headers): Promise<Context | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.get("authorization") ?? "");
  if (bearer?.[1]) return keyContext(headers, bearer[1]);
  return userContext(headers);
}

async function userContext(headers: Headers): Promise<Context | null> {
  const claim = await sessionOf(headers);
  return claim ? loadSession(base(), claim) : null;
}

async function keyContext(headers: Headers, key: string): Promise<Context | null> {
  return authenticateKey(base(), { key, ip: clientAddress(headers) });
}

/** The last hop before the gateway; the gateway overwrites the header, so that a client cannot choose its address. */
export function clientAddress(headers: Headers): string {
  return (headers.get("x-forwarded-for") ?? "").split(",").at(-1)?.trim() || "127.0.0.1";
}
