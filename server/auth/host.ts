/** Which host and scheme a request came in on, and whether this installation answers on that host. */
import { isIP } from "node:net";
import { env } from "#env.ts";

/** The public host in lower case without its port. The gateway in front overwrites x-forwarded-host. */
export function hostOf(headers: Headers): string {
  const raw = headers.get("x-forwarded-host") ?? headers.get("host") ?? "localhost";
  const first = (raw.split(",")[0] ?? "").trim().toLowerCase();
  if (first.startsWith("[")) return first.slice(0, first.indexOf("]") + 1);
  return first.split(":")[0] ?? first;
}

export function isHttps(headers: Headers): boolean {
  return (headers.get("x-forwarded-proto") ?? "").split(",")[0]?.trim() === "https";
}

/**
 * A host that belongs to no brand: this machine, the installation's own address, or a bare IP address (which no
 * attacker's DNS name can stand for).
 */
export function isNeutralHost(host: string): boolean {
  if (host === "localhost" || isIP(host.replace(/^\[|\]$/g, "")) !== 0) return true;
  return env.BASE_URL !== undefined && new URL(env.BASE_URL).hostname.toLowerCase() === host;
}

/** A browser says where a request comes from; a request without Origin does not come from another page's script. */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get("origin");
  if (!origin) return true;
  const own = (headers.get("x-forwarded-host") ?? headers.get("host") ?? "").split(",")[0]?.trim().toLowerCase();
  return URL.canParse(origin) && new URL(origin).host.toLowerCase() === own;
}
