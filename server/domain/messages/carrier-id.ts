/** Carrier ids in one notation: carriers write the same id in other cases, padded, in hex here and decimal there. */

/** The form that is stored. */
export function normaliseCarrierId(id: string): string {
  const trimmed = id.trim().toLowerCase();
  const short = trimmed.replace(/^(?:0x)?0*(?=[0-9a-f]+$)/, "");
  return short === "" ? trimmed : short;
}

/** No carrier counts further; longer ones are opaque names. */
const maxNumericDigits = 38;

/**
 * How a receipt writes the id of an answer. same: case and padding aside, as it was. decimal: the answer's hex in
 * decimal. hex: its decimal in hex.
 */
export const idNotations = ["same", "decimal", "hex"] as const;
export type IdNotation = (typeof idNotations)[number];

/** The stored form of a receipt's id, if it is written so; null when it cannot be. */
export function storedForm(id: string, notation: IdNotation): string | null {
  const normal = normaliseCarrierId(id);
  if (notation === "same") return normal;
  if (normal.length > maxNumericDigits) return null;
  if (notation === "decimal") return /^\d+$/.test(normal) ? BigInt(normal).toString(16) : null;
  return /^[0-9a-f]+$/.test(normal) ? BigInt(`0x${normal}`).toString(10) : null;
}

/** Every stored form that a receipt's id may mean, the likeliest first: as it stands, decimal as hex, hex as decimal. */
export function carrierIdVariants(id: string): string[] {
  return [...new Set(idNotations.flatMap((notation) => storedForm(id, notation) ?? []))];
}
