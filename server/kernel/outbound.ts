/**
 * The one guard for connections to addresses that people type in: carriers, webhooks. Nobody reaches this machine, its
 * network or a cloud's metadata through the platform, unless OUTBOUND_PRIVATE names the place. The address that was
 * checked is the address that is dialled, so a name that changes its mind in between gains nothing.
 */
import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { env } from "#env.ts";
import { DomainError, invalidInput } from "#server/kernel/errors.ts";
import { isAllowedPrivate, isPrivateAddress, literalAddress } from "#server/kernel/outbound-address.ts";

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;
export type Guard = {
  /** The machine's resolver when left out. */
  resolve?: Resolve;
  /** OUTBOUND_PRIVATE when left out. */
  allowed?: readonly string[];
};

export type Place = { host: string; port: number };
export type Destination = Place & {
  /** Checked, at least one, in the resolver's order. */
  addresses: { address: string; family: number }[];
  /** For node:net, tls, http and https: answers with the checked addresses and asks nobody. */
  lookup: LookupFunction;
};

/** Where an http or https address leads. */
export function placeOf(address: string): Place & { tls: boolean } {
  const url = new URL(address);
  const tls = url.protocol === "https:";
  return { host: url.hostname, port: Number(url.port || (tls ? 443 : 80)), tls };
}

const resolveTimeoutMs = 5_000;

/**
 * Resolves a place and keeps the addresses that may be dialled.
 * @throws invalid_input `host_not_allowed` when none may · unavailable `host_not_found` when the name does not resolve
 */
export async function checkDestination({ host, port }: Place, guard: Guard = {}): Promise<Destination> {
  const { resolve = resolveHost, allowed = env.OUTBOUND_PRIVATE } = guard;
  const literal = literalAddress(host);
  const found = literal ? [{ address: literal, family: isIP(literal) }] : await resolved(host, resolve);
  const addresses = found.filter(
    ({ address }) => !isPrivateAddress(address) || isAllowedPrivate(allowed, { host, address, port }),
  );
  if (addresses.length === 0) throw notAllowed();
  return { host: literal ?? host, port, addresses, lookup: pinned(addresses) };
}

/**
 * The same check when a place is saved. A name that does not resolve now is let through: it is checked again at every dial.
 * @throws invalid_input `host_not_allowed`
 */
export async function checkSavedPlace(place: Place, guard: Guard = {}): Promise<void> {
  await checkDestination(place, guard).catch((error: unknown) => {
    if (!(error instanceof DomainError && error.code === "host_not_found")) throw error;
  });
}

/**
 * Connects to a checked place. The socket is connected, over TLS secured, and still unread.
 * @throws as checkDestination, or the socket's own error
 */
export async function dialOutside(
  { host, port, tls, timeoutMs }: Place & { tls: boolean; timeoutMs: number },
  guard: Guard = {},
): Promise<Socket> {
  const startedMs = performance.now();
  const to = await checkDestination({ host, port }, guard);
  const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
  const options = { host: to.host, port, lookup: to.lookup };
  // A certificate names hosts; an address is no server name (RFC 6066, section 3).
  const socket = tls ? connectTls({ ...options, ...(isIP(to.host) ? {} : { servername: host }) }) : connectTcp(options);
  return new Promise((done, fail) => {
    const timer = setTimeout(() => socket.destroy(new Error("no connection in time")), leftMs);
    // Stays: between here and the session's own listener an error must not end the process.
    socket.on("error", fail);
    socket.once("close", () => {
      clearTimeout(timer);
      fail(new Error("the connection is closed"));
    });
    socket.once(tls ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      const address = socket.remoteAddress ?? "";
      const isChecked = !isPrivateAddress(address) || to.addresses.some((checked) => isSame(checked.address, address));
      if (isChecked) done(socket);
      else socket.destroy(notAllowed());
    });
  });
}

const isSame = (a: string, b: string): boolean => literalAddress(a) === literalAddress(b);

async function resolved(host: string, resolve: Resolve): Promise<{ address: string; family: number }[]> {
  const notFound = () => new DomainError("unavailable", "host_not_found", `The host name ${host} is not known.`);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(notFound()), resolveTimeoutMs);
  });
  try {
    const found = await Promise.race([resolve(host), tooLate]);
    if (found.length === 0) throw notFound();
    return found;
  } catch {
    throw notFound();
  } finally {
    clearTimeout(timer);
  }
}

const resolveHost: Resolve = (host) => lookup(host, { all: true, verbatim: true });

const notAllowed = () =>
  invalidInput("host_not_allowed", "This host is inside a private network. Use a public host name or address.", {
    field: "host",
  });

function pinned(addresses: { address: string; family: number }[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses;
    if (options.all) process.nextTick(done, null, addresses);
    else process.nextTick(done, null, first?.address, first?.family);
  };
}
