/** What a search box may hold: numbers in any notation, carriers' ids in hex, decimal or padded. Pure. */
import { carrierIdVariants } from "#server/domain/messages/carrier-id.ts";

/** Digits with the usual separators, long enough for a subscriber number. */
export const looksLikeNumber = (text: string): boolean => /^\+?[\d\s().-]{7,24}$/.test(text);

/** The forms under which a carrier's id may be stored; none for text that is no such id. */
export const carrierIdForms = (text: string): string[] =>
  /^[0-9a-z._:-]{1,65}$/i.test(text.trim()) ? carrierIdVariants(text) : [];

/** Our id in any of its usual writings: upper case, without dashes, in braces, of a part ("id.2"); null for other text. */
export function idInside(text: string): string | null {
  const digits = text.toLowerCase().replace(/^(?:urn:uuid:|\{)|\}$|\.\d{1,2}$/g, "");
  const found = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/.exec(digits);
  return found ? found.slice(1).join("-") : null;
}

/** The smallest UUIDv7 of a moment (Unix milliseconds), as banyan_uuid7_floor makes it. */
export function floorId(atMs: number): string {
  const hex = Math.max(0, Math.trunc(atMs)).toString(16).padStart(12, "0").slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
