/** The GSM 03.38 (3GPP TS 23.038, section 6.2.1) default alphabet and its extension table, as Unicode. */

/** Position = septet value. U+001B stands at the escape, which is no character of its own. */
export const gsm7Basic =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/** The septet that follows the escape, by character: each of these takes two septets. */
export const gsm7Extension: ReadonlyMap<string, number> = new Map([
  ["\f", 0x0a],
  ["^", 0x14],
  ["{", 0x28],
  ["}", 0x29],
  ["\\", 0x2f],
  ["[", 0x3c],
  ["~", 0x3d],
  ["]", 0x3e],
  ["|", 0x40],
  ["€", 0x65],
]);

/** Septets by UTF-16 unit up to the euro sign, the highest of them: 0 = not in the alphabet. */
const septets = new Uint8Array(0x20ad);
for (const character of gsm7Basic) if (character !== "\u001b") septets[character.charCodeAt(0)] = 1;
for (const character of gsm7Extension.keys()) septets[character.charCodeAt(0)] = 2;

/** How many septets a UTF-16 unit takes: 0 when the alphabet does not have it. */
export const septetsOf = (unit: number): number => septets[unit] ?? 0;
