/** How often a parked receipt is looked at again. */

/** The n-th look comes 1.5^n seconds after the receipt: 32 looks in five days, then it stays on the park as evidence. */
export const lookGrowth = 1.5;
export const maxLooks = 32;
