/** What happens to one submit: by the last digits of the number, else by the settings' percentages. */

import type { SimulatorSettings } from "#workers/simulator/settings.ts";
import { commandStatus } from "#workers/smpp/command-status.ts";
import type { ReceiptState } from "#workers/smpp/receipt.ts";

export type Decision = {
  status: number;
  /** Null: no receipt, ever. */
  state: ReceiptState | null;
  /** The carrier's own error in the receipt. */
  errorCode: string;
  receiptDelayMs: number;
  /** The receipt goes out before the answer to the submit. */
  isReceiptFirst: boolean;
  receiptCopies: number;
  /** The answer gives the id in hex, the receipt in decimal. */
  usesOtherNotation: boolean;
};

const lateReceiptMs = 20_000;

/**
 * @param isFirstTry whether this submit to the number is its first; asked for numbers that are throttled once
 * @param random 0 ≤ x < 1
 */
export function decide(
  msisdn: string,
  settings: SimulatorSettings,
  isFirstTry: (msisdn: string) => boolean,
  random: () => number,
): Decision {
  const delivered: Decision = {
    status: commandStatus.ok,
    state: "DELIVRD",
    errorCode: "000",
    receiptDelayMs: settings.receiptDelayMs + random() * settings.receiptJitterMs,
    isReceiptFirst: false,
    receiptCopies: 1,
    usesOtherNotation: false,
  };
  const special = settings.magicNumbers ? magic[msisdn.slice(-4)] : undefined;
  if (special) return { ...delivered, ...special(() => isFirstTry(msisdn)) };
  let dice = random() * 100;
  const falls = (share: number) => {
    dice -= share;
    return dice < 0;
  };
  if (falls(settings.rejectPercent)) return { ...delivered, status: commandStatus.invalidDestination };
  if (falls(settings.temporaryPercent)) return { ...delivered, status: commandStatus.systemError };
  if (falls(settings.throttlePercent)) return { ...delivered, status: commandStatus.throttled };
  dice = random() * 100;
  if (falls(settings.undeliveredPercent)) return { ...delivered, state: "UNDELIV", errorCode: "069" };
  if (falls(settings.expiredPercent)) return { ...delivered, state: "EXPIRED", errorCode: "028" };
  return delivered;
}

/** The table of docs/simulator.md. */
const magic: Record<string, (isFirstTry: () => boolean) => Partial<Decision>> = {
  "0001": () => ({ state: "UNDELIV", errorCode: "069" }),
  "0002": () => ({ state: "EXPIRED", errorCode: "028" }),
  "0003": () => ({ status: commandStatus.invalidDestination }),
  "0004": (isFirstTry) => (isFirstTry() ? { status: commandStatus.throttled } : {}),
  "0005": () => ({ state: null }),
  "0006": () => ({ isReceiptFirst: true, receiptDelayMs: 0 }),
  "0007": () => ({ receiptCopies: 2 }),
  "0008": () => ({ usesOtherNotation: true }),
  "0009": () => ({ receiptDelayMs: lateReceiptMs }),
};
