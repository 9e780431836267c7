/** What the simulated carrier does, adjustable while it runs. */
import { z } from "zod";

const percent = z.number().min(0).max(100);
const ms = z.number().int().min(0).max(3_600_000);

export const simulatorSettings = z.strictObject({
  /** From a submit to its answer; jitter is added on top, evenly spread. */
  latencyMs: ms.default(5),
  latencyJitterMs: ms.default(5),
  /** From the acceptance to the receipt. */
  receiptDelayMs: ms.default(200),
  receiptJitterMs: ms.default(200),
  /** Answered with ESME_RINVDSTADR. */
  rejectPercent: percent.default(0),
  /** Answered with ESME_RSYSERR. */
  temporaryPercent: percent.default(0),
  /** Answered with ESME_RTHROTTLED. */
  throttlePercent: percent.default(0),
  /** Submits per second over all sessions, above which the answer is ESME_RTHROTTLED; 0 = no limit. */
  maxPerSecond: z.number().int().min(0).max(1_000_000).default(0),
  /** Accepted, then reported UNDELIV. */
  undeliveredPercent: percent.default(0),
  /** Accepted, then reported EXPIRED. */
  expiredPercent: percent.default(0),
  /** Every n-th submit is accepted and the connection cut instead of an answer; 0 = never. */
  cutEvery: z.number().int().min(0).default(0),
  /** Takes submits and says nothing. */
  isMute: z.boolean().default(false),
  /** Refuses binds with ESME_RBINDFAIL. */
  refusesBinds: z.boolean().default(false),
  /** Numbers that end in 0001 – 0009 behave as docs/simulator.md says. */
  magicNumbers: z.boolean().default(true),
  /** Receipts name the message in TLVs as well as in the text. */
  receiptTlvs: z.boolean().default(true),
  /** user_message_reference of the submit is given back in the receipt. */
  echoesReference: z.boolean().default(true),
});
export type SimulatorSettings = z.output<typeof simulatorSettings>;

export const defaultSettings: SimulatorSettings = simulatorSettings.parse({});
