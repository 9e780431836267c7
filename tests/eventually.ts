/** Waits for what happens by itself: as long as a slow machine with other work may need for it, and no longer than that. */
import { vi } from "vitest";

/** Much longer than anything takes: it ends a suite that waits in vain, and measures nothing. */
const patienceMs = 120_000;

/** @returns what the check returns once it no longer throws; what it threw last when it never stops */
export const eventually = <T>(check: () => T | Promise<T>, everyMs = 50): Promise<T> =>
  vi.waitFor(check, { timeout: patienceMs, interval: everyMs });
