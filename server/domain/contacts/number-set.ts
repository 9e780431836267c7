/** A set of phone numbers with the row each was first seen in: 12 bytes a slot, so that two million fit in memory. */

/** E.164 numbers have at most 15 digits, so a double holds them exactly. */
export class NumberSet {
  private keys = new Float64Array(1 << 14);
  private rows = new Uint32Array(1 << 14);
  private used = 0;

  /** @returns the row in which the number was seen first, or null when it is new */
  add(msisdn: string, row: number): number | null {
    if (this.used * 2 >= this.keys.length) this.grow();
    const key = Number(msisdn);
    const slot = this.slotOf(key);
    if (this.keys[slot] === key) return this.rows[slot] ?? null;
    this.keys[slot] = key;
    this.rows[slot] = row;
    this.used += 1;
    return null;
  }

  get size(): number {
    return this.used;
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    // Fibonacci hashing of the low and high halves: numbers of one range differ in the last digits only.
    let slot = (Math.imul((key % 4_294_967_296) | 0, 0x9e3779b1) ^ Math.imul(key / 4_294_967_296, 0x85ebca6b)) & mask;
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, rows } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.rows = new Uint32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i += 1) {
      const key = keys[i];
      if (!key) continue;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.rows[slot] = rows[i] ?? 0;
    }
  }
}
