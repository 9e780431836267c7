/** What `npm run bench` was asked for: scenarios with their sizes, repetitions, and the file for the results. Pure. */
import { parseArgs } from "node:util";
import type { Scenario } from "#scripts/load/measured.ts";
import { scenarios } from "#scripts/load/scenarios.ts";

export type Wanted = { scenario: Scenario; messages: number; runs: number };
export type Asked = {
  wanted: Wanted[];
  /** Of the campaign over the built-in simulator, when no scenario is named. */
  recipients: number;
  /** Rounds of all scenarios before the first that counts: what runs in a virtual machine compiles itself while it runs. */
  warmUps: number;
  /** Without its ending. */
  out: string;
};

/** @throws on a name or an option that does not exist */
export function readArguments(words: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      runs: { type: "string" },
      "warm-up": { type: "string", default: "0" },
      out: { type: "string", default: ".data/bench" },
    },
  });
  const recipients = positionals.length === 1 && /^\d+$/.test(positionals[0] ?? "") ? Number(positionals[0]) : null;
  const wanted = (recipients === null ? positionals : []).map((word): Wanted => {
    const [name = "", count] = word.split(":");
    const scenario = scenarios.find((s) => s.name === name);
    if (!scenario)
      throw new Error(`There is no scenario ${name}. There are ${scenarios.map((s) => s.name).join(", ")}.`);
    return { scenario, messages: Number(count ?? scenario.messages), runs: Number(values.runs ?? scenario.runs) };
  });
  return { wanted, recipients: recipients ?? 10_000, warmUps: Number(values["warm-up"]), out: values.out };
}
