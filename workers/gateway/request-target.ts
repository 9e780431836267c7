/** The forms of a request target (RFC 9112 section 3.2), of which the parts behind us know one. */
import type { IncomingMessage } from "node:http";

/**
 * `http://host/path?query` becomes `/path?query` with that host, which goes before the Host header (section 3.2.2).
 * @returns false for what is neither: no resource here is meant
 */
export function toOriginForm(request: IncomingMessage): boolean {
  const target = request.url ?? "";
  if (target.startsWith("/")) return true;
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return false;
  const { host, pathname, search } = new URL(target);
  request.url = pathname + search;
  request.headers.host = host;
  return true;
}
