/** TLVs that came with a message from a client's bind and that its carrier is to get as well, by their kept names. */
import type { MessageExtras } from "#server/domain/delivery/load-extras.ts";
import type { PduFields } from "#workers/smpp/pdu.ts";

const ports = { source_port: "source_port", destination_port: "dest_port" } as const;
const vendorTag = /^0x[0-9a-f]{4}$/;

/**
 * The client's own user_message_reference is not among them: ours travels in its place, and comes back in receipts.
 * @param names those that this connector passes on
 */
export function passedTlvs(tlvs: MessageExtras["tlvs"], names: readonly string[]): PduFields {
  const fields: PduFields = {};
  const vendor: NonNullable<PduFields["vendor_tlvs"]> = [];
  for (const name of names) {
    const value = tlvs[name];
    if (typeof value === "number" && name in ports) fields[ports[name as keyof typeof ports]] = value;
    else if (typeof value === "string" && vendorTag.test(name)) {
      vendor.push({ tag: Number(name), value: Buffer.from(value, "hex") });
    }
  }
  return vendor.length > 0 ? { ...fields, vendor_tlvs: vendor } : fields;
}
