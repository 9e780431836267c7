/** What a scenario gets, and what it gives back. */
import type { Database } from "#db/client.ts";
import type { LoadChain } from "#scripts/load/chain.ts";
import type { Percentiles } from "#scripts/load/figures.ts";
import type { Instruments } from "#scripts/load/instruments.ts";
import type { Product } from "#scripts/load/product.ts";

export type Measured = {
  messages: number;
  seconds: number;
  acceptedPerSecond?: number;
  /** Of what the scenario names: the answer to a request or a submit, or the way to the SMSC. */
  latencyMs?: Percentiles;
  /** What the scenario says beside its rate. */
  notes: Record<string, string | number>;
};
export type Bench = { db: Database; product: Product; tools: Instruments; chain: LoadChain };
export type Scenario = {
  name: string;
  what: string;
  messages: number;
  /** Repetitions, when nobody says how many. */
  runs: number;
  run(bench: Bench, messages: number): Promise<Measured>;
};
