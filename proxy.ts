/** Before every page: a fresh nonce, the content security policy built on it, and the other security headers. */
import { type NextRequest, NextResponse } from "next/server";
import { env } from "#env.ts";

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const policy = contentSecurityPolicy(nonce, env.NODE_ENV === "development");
  const forward = new Headers(request.headers);
  forward.set("x-nonce", nonce);
  forward.set("x-path", request.nextUrl.pathname);
  forward.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers: forward } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("referrer-policy", "strict-origin-when-cross-origin");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-frame-options", "DENY");
  response.headers.set("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
  if (request.headers.get("x-forwarded-proto") === "https") {
    response.headers.set("cross-origin-opener-policy", "same-origin");
    response.headers.set("strict-transport-security", "max-age=31536000");
  }
  return response;
}

/**
 * Scripts run only with the nonce. Styles may be inline: menus and charts position themselves by style attributes, which
 * a nonce cannot cover.
 */
function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  const scripts = `'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`;
  return [
    "default-src 'self'",
    `script-src ${scripts}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = { matcher: ["/((?!_next/static|_next/image|api/).*)"] };
