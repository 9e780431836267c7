/**
 * `npm run foreign [smpplib] [jsmpp] [kannel]`: clients that were not made here drive the whole product: bind, send texts of every kind,
 * get receipts, be refused; then every text is compared with what was stored. tshark decodes what went over both SMPP
 * ports meanwhile. What is not installed is named; the exit code tells real failures only.
 */
import { Capture } from "#scripts/foreign/capture.ts";
import { driveKannel } from "#scripts/foreign/kannel.ts";
import { type Outcome, type Place, placeOf, type Taken, textOf } from "#scripts/foreign/place.ts";
import { driveJava, drivePython } from "#scripts/foreign/programs.ts";
import { freePortRun } from "#scripts/free-port.ts";
import { startProduct } from "#scripts/load/product.ts";

const clients = { smpplib: drivePython, jsmpp: driveJava, kannel: driveKannel };
const wanted = Object.entries(clients).filter(([name]) => process.argv.length < 3 || process.argv.includes(name));

// The carrier has its control one port above.
const smppPort = await freePortRun(3);
const carrierPort = smppPort + 1;
const capture = new Capture([
  { what: "clients to us", port: smppPort },
  { what: "we to the carrier", port: carrierPort },
]);
await capture.start();
const product = await startProduct({ SMPP_PORT: String(smppPort), SIMULATOR_PORT: String(carrierPort) });
const outcomes: Outcome[] = [];
try {
  const place = placeOf(product);
  for (const [, drive] of wanted) {
    const outcome = await drive(place);
    outcome.steps.push(...(await compare(place, outcome)));
    outcomes.push(outcome);
  }
  outcomes.push(await capture.stop());
} finally {
  await product.stop();
}
process.exitCode = outcomes.map(tell).every(Boolean) ? 0 : 1;

/** What was stored, and so what was sent, against what the client meant. */
async function compare(place: Place, { taken }: Outcome): Promise<Outcome["steps"]> {
  if (taken.length === 0) return [];
  const wrong: string[] = [];
  for (const one of taken) if (!(await isWhole(place, one))) wrong.push(`${one.text} ${one.sent}`);
  const seen = wrong.join(", ") || `${taken.length} of ${taken.length}`;
  return [{ step: "texts are stored as they were meant", ok: wrong.length === 0, seen }];
}

async function isWhole({ api, key }: Place, { sent, text }: Taken): Promise<boolean> {
  const answer = await fetch(`${api}/api/v1/messages/${sent}`, { headers: { authorization: `Bearer ${key}` } });
  const stored = (await answer.json()) as { text?: string };
  return stored.text === textOf(text);
}

/** @returns whether nothing failed */
function tell({ client, steps, notInstalled }: Outcome): boolean {
  console.log(`\n${client}${notInstalled ? `: not run, ${notInstalled}` : ""}`);
  for (const { step, ok, seen } of steps)
    console.log(`  ${ok ? "ok    " : "FAILED"}  ${step}${seen ? `  (${seen})` : ""}`);
  return steps.every((step) => step.ok);
}
