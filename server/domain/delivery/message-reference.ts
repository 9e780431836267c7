/** The 16 bits that travel with a part and come back with its receipt, when the carrier gives them back. */

/** Spreads neighbouring ids apart: the low bits of a campaign's ids count its recipients. */
const spread = 0x9e37_79b1;

/** user_message_reference (SMPP 3.4 section 5.3.2.17) of a part; part 1 also names the concatenation. */
export function messageReference(messageId: string, partNumber: number): number {
  const low = Number.parseInt(messageId.slice(-8), 16);
  const base = Math.imul(low, spread) >>> 16;
  return (base + partNumber - 1) & 0xffff;
}

/** Which part of this message the reference means; null when it is another message's. */
export function partOfReference(messageId: string, parts: number, reference: number): number | null {
  const partNumber = ((reference - messageReference(messageId, 1)) & 0xffff) + 1;
  return partNumber <= parts ? partNumber : null;
}
