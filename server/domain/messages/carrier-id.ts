/** Carrier ids in one notation: carriers write the same id in other cases, padded, in hex here and decimal there. */

/** The form that is stored. */
export function normaliseCarrierId(id: string): string {
  const trimmed = id.trim().toLowerCase();
  const short = trimmed.replace(/^(?:0x)?0+(?=[0-9a-f]+$)/, "");
  return short === "" ? trimmed : short;
}

/** No carrier counts further; longer ones are opaque names. */
const maxNumericDigits = 38;

/** Every stored form that a receipt's id may mean, the likeliest first: as it stands, decimal as hex, hex as decimal. */
export function carrierIdVariants(id: string): string[] {
  const normal = normaliseCarrierId(id);
  const variants = [normal];
  if (normal.length <= maxNumericDigits) {
    if (/^\d+$/.test(normal)) variants.push(BigInt(normal).toString(16));
    if (/^[0-9a-f]+$/.test(normal)) variants.push(BigInt(`0x${normal}`).toString(10));
  }
  return [...new Set(variants)];
}
