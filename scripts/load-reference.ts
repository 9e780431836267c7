/** Reference data of the platform, the same for every installation: operators and their number prefixes. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Database } from "#db/client.ts";
import { platform } from "#scripts/demo/actors.ts";
import { loadOperators, type OperatorData } from "#server/domain/routing/load-operators.ts";
import { nilId } from "#server/kernel/id.ts";

/** Makes the tables equal to scripts/data/operators.json; running it again changes nothing. */
export async function loadReference(db: Database): Promise<void> {
  const file = path.join(process.cwd(), "scripts/data/operators.json");
  const operators = JSON.parse(readFileSync(file, "utf8")) as OperatorData;
  await loadOperators(platform(db, nilId), operators);
}
