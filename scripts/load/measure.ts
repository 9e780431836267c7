/** One repetition of a scenario: its figures, what each process used for it, and what Postgres worked on. */

import type { Measured } from "#scripts/load/measured.ts";
import { meter } from "#scripts/load/meter.ts";
import type { Product } from "#scripts/load/product.ts";
import { countStatements } from "#scripts/load/statements.ts";
import type { Run } from "#scripts/load/table.ts";

const statementsShown = 12;

/** Prints all of it, and returns what the table needs. */
export async function measure(
  product: Product,
  scenario: string,
  what: string,
  run: () => Promise<Measured>,
): Promise<Run> {
  const statements = await countStatements(product.databaseUrl);
  const end = meter(product);
  const { messages, seconds, acceptedPerSecond, latencyMs, notes } = await run();
  const { cpuSeconds, peakMib, peakTotalMib } = end();
  const said = Object.entries(notes).map(([name, value]) => `${name} ${value}`);
  const perSecond = messages / seconds;
  console.log(`\n${scenario}: ${what}\n${messages} in ${seconds.toFixed(1)} s: ${Math.round(perSecond)}/s`);
  console.log(said.join(" · "));
  const perThousand = (used: number) => Number(((used * 1_000) / messages).toFixed(3));
  console.table(
    Object.entries(cpuSeconds).map(([name, used]) => ({
      process: name,
      "CPU s": Number(used.toFixed(2)),
      "CPU s per 1,000": perThousand(used),
      "peak MiB": peakMib[name],
    })),
  );
  console.log(await statements.report(statementsShown));
  const [most] = Object.entries(peakMib).sort(([, a], [, b]) => b - a);
  return {
    scenario,
    system: "Banyan",
    isPeer: false,
    messages,
    perSecond,
    acceptedPerSecond: acceptedPerSecond ?? null,
    latencyMs: latencyMs ?? null,
    cpuPerThousand: perThousand(Object.values(cpuSeconds).reduce((sum, used) => sum + used, 0)),
    peakMib: peakTotalMib,
    most: most ? { name: most[0], mib: most[1] } : null,
    notes: {
      ...notes,
      ...Object.fromEntries(Object.entries(cpuSeconds).map(([name, used]) => [`CPU s ${name}`, used])),
    },
  };
}
