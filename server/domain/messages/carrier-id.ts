/** Carrier ids in one notation: carriers write the same id in other cases, padded, in hex here and decimal there. */

/** The form that is stored. */
export function normaliseCarrierId(id: string): string {
  if (isNormal(id)) return id;
  const trimmed = id.trim().toLowerCase();
  const short = trimmed.replace(/^(?:0x)?0*(?=[0-9a-f]+$)/, "");
  return short === "" ? trimmed : short;
}

/** Most ids are: lower case, nothing around them, nothing in front. */
function isNormal(id: string): boolean {
  if (id === "" || id.charCodeAt(0) === zero) return false;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    const isUpper = code >= 0x41 && code <= 0x5a;
    if (code <= 0x20 || code >= 0x7f || isUpper) return false;
  }
  return true;
}

const zero = 0x30;

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
  return formOf(normaliseCarrierId(id), notation);
}

/** So many digits of either kind are a plain number without loss. */
const plainDigits = 13;

function formOf(normal: string, notation: IdNotation): string | null {
  if (notation === "same") return normal;
  const isDecimal = notation === "decimal";
  if (normal.length > maxNumericDigits || !(isDecimal ? decimal : hex).test(normal)) return null;
  const isPlain = normal.length <= plainDigits;
  if (isDecimal) return (isPlain ? Number(normal) : BigInt(normal)).toString(16);
  return (isPlain ? Number.parseInt(normal, 16) : BigInt(`0x${normal}`)).toString(10);
}

const decimal = /^\d+$/;
const hex = /^[0-9a-f]+$/;

/** Every stored form that a receipt's id may mean, the likeliest first: as it stands, decimal as hex, hex as decimal. */
export function carrierIdVariants(id: string): string[] {
  const normal = normaliseCarrierId(id);
  const variants = [normal];
  for (const notation of ["decimal", "hex"] as const) {
    const form = formOf(normal, notation);
    if (form !== null && !variants.includes(form)) variants.push(form);
  }
  return variants;
}
