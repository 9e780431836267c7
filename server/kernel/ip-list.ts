/** Address lists: single addresses and CIDR ranges, IPv4 and IPv6. */
import { BlockList, isIP } from "node:net";

/** Null when the entry is neither an address nor a range. */
function entry(text: string): { address: string; bits: number; family: "ipv4" | "ipv6" } | null {
  const [address = "", bits, extra] = text.trim().split("/");
  const version = isIP(address);
  if (!version || extra !== undefined) return null;
  const most = version === 4 ? 32 : 128;
  if (bits !== undefined && !/^\d{1,3}$/.test(bits)) return null;
  const length = bits === undefined ? most : Number(bits);
  return length <= most ? { address, bits: length, family: version === 4 ? "ipv4" : "ipv6" } : null;
}

/** An empty list lets every address in; an IPv4 address inside IPv6 (::ffff:1.2.3.4) counts as IPv4. */
export function ipAllowed(ranges: readonly string[], ip: string): boolean {
  if (ranges.length === 0) return true;
  const plain = ip.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
  const version = isIP(plain);
  if (!version) return false;
  const list = new BlockList();
  for (const range of ranges) {
    const parsed = entry(range);
    if (parsed) list.addSubnet(parsed.address, parsed.bits, parsed.family);
  }
  return list.check(plain, version === 4 ? "ipv4" : "ipv6");
}
