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
  const { length } = normal;
  if (length > maxNumericDigits || !isNumber(normal, isDecimal)) return null;
  if (length > plainDigits) return isDecimal ? BigInt(normal).toString(16) : BigInt(`0x${normal}`).toString(10);
  return isDecimal ? Number(normal).toString(16) : Number.parseInt(normal, 16).toString(10);
}

/** Of at least one digit. Not by an expression: this is asked several times for every message. */
function isNumber(normal: string, isDecimal: boolean): boolean {
  for (let index = 0; index < normal.length; index += 1) {
    const code = normal.charCodeAt(index);
    const isDigit = code >= zero && code <= 0x39;
    if (!isDigit && (isDecimal || code < 0x61 || code > 0x66)) return false;
  }
  return normal !== "";
}

/** Every stored form that a receipt's id may mean, the likeliest first: as it stands, decimal as hex, hex as decimal. */
export function carrierIdVariants(id: string): string[] {
  const normal = normaliseCarrierId(id);
  const inHex = formOf(normal, "decimal");
  const inDecimal = formOf(normal, "hex");
  const variants = [normal];
  if (inHex !== null && inHex !== normal) variants.push(inHex);
  if (inDecimal !== null && inDecimal !== normal && inDecimal !== inHex) variants.push(inDecimal);
  return variants;
}

/** Whether one of the forms of a receipt's id is among these. */
export function isVariantOf(id: string, known: { has(form: string): boolean }): boolean {
  const normal = normaliseCarrierId(id);
  if (known.has(normal)) return true;
  const inHex = formOf(normal, "decimal");
  if (inHex !== null && known.has(inHex)) return true;
  const inDecimal = formOf(normal, "hex");
  return inDecimal !== null && known.has(inDecimal);
}
