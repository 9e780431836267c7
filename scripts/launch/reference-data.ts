/** Reference data that every installation needs, demo or not: the operators and their prefixes, brought up to date at each start. */
import { readFileSync } from "node:fs";
import { connect } from "#db/client.ts";
import { loadOperators, type OperatorData } from "#server/domain/routing/load-operators.ts";
import { systemClock } from "#server/kernel/clock.ts";
import { jobContext } from "#server/kernel/context.ts";
import { newId, nilId } from "#server/kernel/id.ts";

export async function loadReferenceData(databaseUrl: string): Promise<void> {
  const db = connect({ url: databaseUrl, poolSize: 1, name: "start" });
  try {
    const data = JSON.parse(readFileSync("scripts/data/operators.json", "utf8")) as OperatorData;
    await loadOperators(jobContext({ db, clock: systemClock }, "reference-data", nilId, newId()), data);
  } finally {
    await db.close();
  }
}
