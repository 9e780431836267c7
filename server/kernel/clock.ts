/** The one clock. Tests put in their own; nothing in a verb calls Date.now(). */
export type Clock = { now(): Date };
export const systemClock: Clock = { now: () => new Date() };
