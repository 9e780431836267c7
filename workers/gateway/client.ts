/** Who is at the other end: address, host and scheme. Headers that claim it count only when a trusted proxy sent them. */
import type { IncomingMessage } from "node:http";
import { ipAllowed } from "#server/kernel/ip-list.ts";

export type Client = { ip: string; host: string; proto: "http" | "https" };
/** Addresses and CIDR ranges of proxies in front of us (TLS, load balancing). */
export type TrustedProxies = readonly string[];

export function clientOf(request: IncomingMessage, trusted: TrustedProxies): Client {
  const peer = plainAddress(request.socket.remoteAddress ?? "");
  const host = request.headers.host ?? "";
  if (trusted.length === 0 || !ipAllowed(trusted, peer)) return { ip: peer, host, proto: "http" };
  return {
    // The last entry is the one that the trusted proxy itself wrote.
    ip: plainAddress(last(request, "x-forwarded-for") ?? peer),
    host: last(request, "x-forwarded-host") ?? host,
    proto: last(request, "x-forwarded-proto") === "https" ? "https" : "http",
  };
}

function last(request: IncomingMessage, name: string): string | undefined {
  return (
    String(request.headers[name] ?? "")
      .split(",")
      .at(-1)
      ?.trim() || undefined
  );
}

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
