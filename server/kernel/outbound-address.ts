/** Which addresses are private, in every notation that the machine's own resolver takes, and which are allowed all the same. Pure. */
import { BlockList, isIP } from "node:net";

/**
 * IPv4 ranges that nobody's carrier or web server lives in: IANA's special-purpose registry (RFC 6890 and its updates), with
 * carrier-grade NAT (RFC 6598), which clouds use for metadata, and the one metadata address inside public space (Azure's).
 */
const privateIpv4 = new BlockList();
for (const range of [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
]) {
  addRange(privateIpv4, range);
}

/** The only IPv6 space given out for public use (RFC 4291), and the ranges inside it that lead elsewhere. */
const publicIpv6 = new BlockList();
addRange(publicIpv6, "2000::/3");
const specialIpv6 = new BlockList();
// Protocol assignments with Teredo, documentation (twice), and 6to4, which hides an IPv4 address.
for (const range of ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]) addRange(specialIpv6, range);

/** True for loopback, private, link-local, metadata, shared, reserved and multicast addresses, and for what is no address. */
export function isPrivateAddress(address: string): boolean {
  const plain = plainAddress(address);
  if (isIP(plain) === 4) return privateIpv4.check(plain, "ipv4");
  if (isIP(plain) !== 6 || plain.includes("%")) return true;
  return !publicIpv6.check(plain, "ipv6") || specialIpv6.check(plain, "ipv6");
}

/** The address that a host name spells out (1.2.3.4, [::1], 2130706433, 0x7f.1, 017700000001), or null for a real name. */
export function literalAddress(host: string): string | null {
  const inUrl = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  // A zone (fe80::1%eth0) is no part of any URL; it names an interface of this very machine.
  if (host.includes("%")) return isIP(host) ? host : null;
  const url = URL.canParse(`http://${inUrl}/`) ? new URL(`http://${inUrl}/`) : null;
  const address = plainAddress(url?.hostname ?? "");
  return isIP(address) ? address : null;
}

/** Without brackets; an IPv4 address inside IPv6 (::ffff:127.0.0.1, ::ffff:7f00:1) as IPv4. */
function plainAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, "");
  const mapped = isIP(bare) === 6 && !bare.includes("%") ? new URL(`http://[${bare}]/`).hostname : "";
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(mapped) ?? [];
  if (high === undefined || low === undefined) return bare;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join(".");
}

/**
 * Whether a private address may be dialled all the same.
 * @param allowed entries of OUTBOUND_PRIVATE: a name, an address or a range, each alone or with `:port`
 */
export function isAllowedPrivate(
  allowed: readonly string[],
  at: { host: string; address: string; port: number },
): boolean {
  return allowed.some((entry) => {
    const { subject, port } = split(entry);
    if (port !== null && port !== at.port) return false;
    if (subject.toLowerCase() === at.host.toLowerCase()) return true;
    return inRange(subject, at.address);
  });
}

/** host:port, [::1]:port, 10.0.0.0/8:port; a bare IPv6 address or range has colons and no port. */
function split(entry: string): { subject: string; port: number | null } {
  const [, bracketed, bracketedPort] = /^\[([^\]]+)\](?::(\d+))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return { subject: bracketed, port: bracketedPort ? Number(bracketedPort) : null };
  const [, plain, port] = /^([^:]+):(\d+)$/.exec(entry) ?? [];
  return plain === undefined ? { subject: entry, port: null } : { subject: plain, port: Number(port) };
}

function inRange(range: string, address: string): boolean {
  if (!isIP(range.split("/")[0] ?? "")) return false;
  const list = new BlockList();
  addRange(list, range);
  const plain = plainAddress(address);
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? "ipv4" : "ipv6");
}

function addRange(list: BlockList, range: string): void {
  const [address = "", bits] = range.split("/");
  const version = isIP(address);
  list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), version === 4 ? "ipv4" : "ipv6");
}
