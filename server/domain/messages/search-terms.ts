/** What a search box may hold: numbers in any notation, carriers' ids in hex, decimal or padded. Pure. */

/** Digits with the usual separators, long enough for a subscriber number. */
export const looksLikeNumber = (text: string): boolean => /^\+?[\d\s().-]{7,24}$/.test(text);

/** The forms under which a carrier's id may be stored: carriers give one id in hex here and in decimal there. */
export function carrierIdForms(text: string): string[] {
  const id = text.trim().toLowerCase();
  if (!/^[0-9a-z._:-]{1,65}$/.test(id)) return [];
  const forms = new Set([text.trim(), id, id.toUpperCase(), strip(id)]);
  const short = strip(id);
  if (/^\d{1,38}$/.test(short)) forms.add(BigInt(short).toString(16));
  if (/^[0-9a-f]{1,38}$/.test(short)) forms.add(BigInt(`0x${short}`).toString());
  return [...forms];
}

/** As stored: without a hex mark, without leading zeros. */
const strip = (id: string): string => id.replace(/^(?:0x)?0+(?=[0-9a-f]+$)/, "");

/** The smallest UUIDv7 of a moment (Unix milliseconds), as banyan_uuid7_floor makes it. */
export function floorId(atMs: number): string {
  const hex = Math.max(0, Math.trunc(atMs)).toString(16).padStart(12, "0").slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
