/** The carrier of a run, and how often it took each number: the built-in simulator, or an SMSC that is not ours. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Database } from "#db/client.ts";
import { ownerOf } from "#scripts/demo/actors.ts";
import { freePortRun } from "#scripts/free-port.ts";
import type { Product } from "#scripts/load/product.ts";
import { createConnector } from "#server/domain/routing/create-connector.ts";
import { createRoute } from "#server/domain/routing/create-route.ts";
import { updateConnector } from "#server/domain/routing/update-connector.ts";
import { updateRoute } from "#server/domain/routing/update-route.ts";
import { newId } from "#server/kernel/id.ts";

export type Carrier = {
  place: { host: string; port: number; systemId: string; password: string };
  /** How many submits it took for each number. */
  counts(): Promise<Map<string, number>>;
  close(): Promise<void>;
};

/** Long enough that windows are full when somebody dies. */
const latencyMs = 100;
const receiptDelayMs = 500;

/** With all that carriers do: refusals, throttling, errors that pass, handsets that are never reached. */
export async function openSimulator({
  simulatorControl,
  demo,
}: Pick<Product, "simulatorControl" | "demo">): Promise<Carrier> {
  const get = async (what: string) => (await fetch(`${simulatorControl}/${what}`)).json();
  const change = async (settings: object) => {
    const answer = await fetch(`${simulatorControl}/settings`, { method: "POST", body: JSON.stringify(settings) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const before = (await get("settings")) as object;
  await change({
    ...{ latencyMs, latencyJitterMs: latencyMs, receiptDelayMs, receiptJitterMs: receiptDelayMs, magicNumbers: false },
    ...{ rejectPercent: 1, temporaryPercent: 1, throttlePercent: 2, undeliveredPercent: 2, expiredPercent: 1 },
  });
  return {
    place: demo.simulator,
    counts: async () => new Map(Object.entries((await get("counts")) as Record<string, number>)),
    close: () => change(before),
  };
}

/** @param folder has the program smsc, see scripts/load/instruments.ts */
export async function openForeign(folder: string): Promise<Carrier> {
  const port = await freePortRun(2);
  const notes = mkdtempSync(path.join(tmpdir(), "banyan-smsc-"));
  const record = path.join(notes, "taken");
  accessSync(path.join(folder, "smsc"));
  const flags = {
    ...{ addr: `127.0.0.1:${port}`, stats: `127.0.0.1:${port + 1}`, record },
    ...{ latency: latencyMs, "dlr-delay": receiptDelayMs, "dlr-fail-rate": 0.03 },
  };
  const words = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, String(value)]);
  const child: ChildProcess = spawn(path.join(folder, "smsc"), [...words, "-quiet"], { stdio: "ignore" });
  return {
    place: { host: "127.0.0.1", port, systemId: "chaos", password: "chaos" },
    async counts() {
      const counted = new Map<string, number>();
      const lines = existsSync(record) ? readFileSync(record, "utf8").split("\n") : [];
      for (const line of lines) {
        const to = line.split(/\s+/)[2];
        if (to) counted.set(to, (counted.get(to) ?? 0) + 1);
      }
      return counted;
    },
    async close() {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
      rmSync(notes, { recursive: true, force: true });
    },
  };
}

export const binds = 2;
export const windowSize = 20;

/** Each operator's numbers go over a connector of their own; two of them wait for lost answers, two send again. */
const operators = [
  { operatorId: "vn-viettel", prefix: "8498", unknownPolicy: "wait" },
  { operatorId: "vn-mobifone", prefix: "8490", unknownPolicy: "wait" },
  { operatorId: "vn-vinaphone", prefix: "8491", unknownPolicy: "resend" },
  { operatorId: "vn-vietnamobile", prefix: "8492", unknownPolicy: "resend" },
] as const;

/** Two workers share these connectors. @returns takes them out of use again */
export async function connectCarriers(
  db: Database,
  { host, port, systemId, password }: Carrier["place"],
): Promise<() => Promise<void>> {
  const [root] = await db.sql<{ id: string }[]>`select id from tenants where parent_id is null`;
  const ctx = ownerOf(db, root?.id ?? "");
  const made: { connectorId: string; routeId: string }[] = [];
  for (const { operatorId, unknownPolicy, prefix } of operators) {
    const [id, routeId] = [newId(), newId()];
    // An account of its own: a carrier gives receipts to any bind of the account that sent.
    const login = { host, port, systemId: `${systemId} ${prefix}`.slice(-15), password };
    const sending = { bindCount: binds, windowSize, unknownPolicy, failoverAfterSeconds: 0, maxAttempts: 50 };
    await createConnector(ctx, { id, name: `Chaos ${operatorId}`, ...login, ...sending });
    await createRoute(ctx, { id: routeId, connectorId: id, operatorId, priority: 1 });
    made.push({ connectorId: id, routeId });
  }
  return async () => {
    for (const { connectorId, routeId } of made) {
      await updateRoute(ctx, { id: routeId, status: "disabled" });
      await updateConnector(ctx, { id: connectorId, status: "disabled" });
    }
  };
}

/** The n-th number of a run: all different, and in turn over the operators. */
export function numberOf(n: number): string {
  const { prefix = "" } = operators[n % operators.length] ?? {};
  return `${prefix}${3_000_000 + Math.floor(n / operators.length)}`;
}
