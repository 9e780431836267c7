/** Sign-in and sign-out over next-auth, on hosts that this installation answers on. */
import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { clientAddress } from "#server/auth/context.ts";
import { hostOf, isHttps } from "#server/auth/host.ts";
import { answersOn } from "#server/auth/known-host.ts";
import { authOptions } from "#server/auth/options.ts";

async function handle(request: NextRequest, route: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  const host = hostOf(request.headers);
  if (!(await answersOn(host))) return new Response("This host is not served here.", { status: 421 });
  const origin = { host, https: isHttps(request.headers), ip: clientAddress(request.headers) };
  return NextAuth(request, route, authOptions(origin));
}

export { handle as GET, handle as POST };
