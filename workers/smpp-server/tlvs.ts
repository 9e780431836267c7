/** TLVs that are kept with a message, by name: those of the specification, and operators' own in 0x1400 – 0x3fff. */
import type { Pdu } from "#workers/smpp/pdu.ts";

/** Standard ones that we keep, under the codec's names. */
const standard = {
  user_message_reference: "user_message_reference",
  source_port: "source_port",
  dest_port: "destination_port",
} as const;
const standardNames = ["user_message_reference", "source_port", "dest_port"] as const;
const digitNine = 57;

/** Vendor-specific tags, SMPP 3.4 section 5.3.2. */
const vendor = { from: 0x1400, to: 0x3fff };
const maxVendorTlvs = 8;
const maxVendorOctets = 255;

export type Tlvs = Record<string, number | string>;

/** Null when there are none: most messages have none. @returns octets of vendors' tags in hex, under `0x` and the tag */
export function readTlvs(pdu: Pdu): Tlvs | null {
  let found: Tlvs | null = null;
  let vendorTlvs = 0;
  for (const name in pdu) {
    // The codec leaves tags that it does not know under their number, and numbers come before names.
    if (name.charCodeAt(0) > digitNine) break;
    const tag = Number(name);
    const value = (pdu as Record<string, unknown>)[name];
    if (!(tag >= vendor.from && tag <= vendor.to) || !Buffer.isBuffer(value)) continue;
    if (value.length > maxVendorOctets || vendorTlvs >= maxVendorTlvs) continue;
    vendorTlvs += 1;
    found ??= {};
    found[`0x${tag.toString(16).padStart(4, "0")}`] = value.toString("hex");
  }
  for (const name of standardNames) {
    const value = pdu[name];
    if (value === undefined) continue;
    found ??= {};
    found[standard[name]] = value;
  }
  return found;
}
