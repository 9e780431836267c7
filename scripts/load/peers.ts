/**
 * Other gateways through the same instruments, by scripts that are not ours: kannel.py and jasmin.py in the folder
 * BENCH_PEERS. What is not installed is named and left out.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rounded } from "#scripts/load/figures.ts";
import type { Run } from "#scripts/load/table.ts";

type Peer = { scenario: string; system: string; script: "kannel.py" | "jasmin.py"; flags: string[]; atMost: number };
/** What the scripts print, one line of JSON a run. */
type Said = {
  accepted: number;
  accept_rps?: number;
  accept_ms?: Record<string, number>;
  submit_resp_tps?: number;
  resp_ms?: Record<string, number>;
  callback_tps?: number;
  callbacks_unique?: number;
  client_dlr?: { unique: number; missing: number; last_s: number };
  smsc_dup: number;
  cpu_s_per_1000: number;
  rss_peak_total_mb: number;
  error?: unknown;
};

/** Of each gateway what is fastest, and what keeps receipts in a database as we do. */
const kannelStores = ["file internal", "spool internal", "redis redis", "spool pgsql"];
/** It takes about 300 a second; a run of its script is bounded. */
const jasminAtMost = 6_000;
const runTimeoutMs = 240_000;

export class Peers {
  /** Why a gateway is not in the table. */
  readonly missing: string[] = [];
  private readonly peers: Peer[] = [];
  private readonly work = mkdtempSync(path.join(tmpdir(), "banyan-peers-"));

  /** @param jasmin folder of a Python environment with Jasmin. @param smppBox the program opensmppbox */
  constructor(
    private readonly folder: string,
    { jasmin, smppBox }: { jasmin: string | undefined; smppBox: string | undefined },
  ) {
    // Postgres and RabbitMQ run as users of their own.
    chmodSync(this.work, 0o755);
    if (!isProgram("bearerbox")) this.missing.push("Kannel: there is no bearerbox");
    else this.peers.push(...kannels(smppBox));
    if (!jasmin) this.missing.push("Jasmin: BENCH_JASMIN names no Python environment");
    else if (!isProgram("rabbitmq-server")) this.missing.push("Jasmin: there is no rabbitmq-server");
    else this.peers.push(...jasmins(jasmin));
    if (!smppBox) this.missing.push("Kannel takes SMPP with opensmppbox only: BENCH_SMPPBOX names none");
  }

  /** Every gateway that has the scenario, once; what fails is told as a reason. */
  async run(scenario: string, messages: number): Promise<{ runs: Run[]; failures: string[] }> {
    const runs: Run[] = [];
    const failures: string[] = [];
    for (const peer of this.peers.filter((p) => p.scenario === scenario)) {
      try {
        runs.push(runOf(peer, await this.ask(peer, Math.min(messages, peer.atMost))));
      } catch (error) {
        failures.push(`${scenario}: ${peer.system}: ${String(error)}`);
      }
    }
    return { runs, failures };
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true });
  }

  private async ask(peer: Peer, count: number): Promise<Said> {
    const child = spawn("python3", [path.join(this.folder, peer.script), ...peer.flags, "-n", `${count}`, part(peer)], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: runTimeoutMs,
      // Python cleans up after an interrupt: what the script started must not live on.
      killSignal: "SIGINT",
      // Debian's own rabbitmq-server changes the user, who may not write to this folder.
      env: { ...process.env, BENCH_WORK: this.work, PATH: `/usr/lib/rabbitmq/bin:${process.env.PATH}` },
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => (out += data));
    child.stderr.on("data", (data) => (err = `${err}${data}`.slice(-2_000)));
    await once(child, "close");
    const line = out.trim().split("\n").at(-1) ?? "";
    if (!line.startsWith("{")) throw new Error(`${peer.system} gave no result: ${err.trim().split("\n").at(-1)}`);
    return JSON.parse(line) as Said;
  }
}

function kannels(smppBox: string | undefined): Peer[] {
  const base = { script: "kannel.py" as const, atMost: Number.POSITIVE_INFINITY };
  const overHttp = kannelStores.map((store) => {
    const [kept, receipts] = store.split(" ");
    const flags = ["--store", kept ?? "", "--dlr", receipts ?? ""];
    return { ...base, scenario: "h1", system: `Kannel, ${kept} store, receipts ${receipts}`, flags };
  });
  if (!smppBox) return overHttp;
  const flags = ["--store", "file", "--dlr", "internal", "--smppbox", smppBox];
  const overSmpp = ["s1", "s2"].map((scenario) => ({ ...base, scenario, system: "Kannel with opensmppbox", flags }));
  return [...overHttp, ...overSmpp];
}

function jasmins(environment: string): Peer[] {
  const flags = ["--venv", environment, "--label", "PyPI", "--connectors", "10"];
  return ["h1", "s1", "s2"].map((scenario) => ({
    ...{ scenario, system: "Jasmin, 10 connectors", script: "jasmin.py" as const, flags, atMost: jasminAtMost },
  }));
}

const part = ({ scenario }: Peer): string => ({ h1: "A", s1: "B1", s2: "B10" })[scenario] ?? scenario;

function runOf({ scenario, system }: Peer, said: Said): Run {
  if (said.error) throw new Error(`${system}: ${JSON.stringify(said.error)}`);
  const { client_dlr: receipts } = said;
  const ended = said.callbacks_unique ?? receipts?.unique ?? 0;
  return {
    scenario,
    system,
    isPeer: true,
    messages: said.accepted,
    perSecond: receipts ? receipts.unique / receipts.last_s : (said.callback_tps ?? 0),
    acceptedPerSecond: said.accept_rps ?? said.submit_resp_tps ?? null,
    latencyMs: rounded(said.accept_ms ?? said.resp_ms ?? {}),
    cpuPerThousand: said.cpu_s_per_1000,
    peakMib: said.rss_peak_total_mb,
    most: null,
    notes: { "twice at SMSC": said.smsc_dup, "receipts missing": said.accepted - ended },
  };
}

const isProgram = (name: string): boolean =>
  [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/lib/rabbitmq/bin"].some((folder) =>
    existsSync(path.join(folder, name)),
  );
