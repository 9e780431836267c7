/**
 * Load clients, a fast SMSC and a sink of callbacks that are not ours: programs named smsc, esme, http and sink in the
 * folder BENCH_TOOLS. Each is bounded in count and time by its own flags; all speak to loopback only.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export type Ports = { smsc: number; smscStats: number; sink: number };
export type SmscStats = { count: number; unique: number; duplicates: number; last_ns: number; cpu_s: number };
export type SinkStats = { count: number; unique: number; last_ns: number; cpu_s: number };
export type HttpResult = {
  accepted: number;
  rps: number;
  latency_ms: Record<string, number>;
  start_ns: number;
  cpu_s: number;
  status: Record<string, number>;
};
export type EsmeResult = {
  sent: number;
  ok: number;
  ok_tps: number;
  resp_ms: Record<string, number>;
  dlr: { unique: number; missing: number; last_s: number };
  status: Record<string, number>;
};

export class Instruments {
  /** The SMSC's record of what came, flushed five times a second; a reset empties it. */
  readonly record: string;
  private readonly running: ChildProcess[] = [];
  private readonly scratch = mkdtempSync(path.join(tmpdir(), "banyan-bench-"));

  private constructor(
    private readonly folder: string,
    private readonly ports: Ports,
  ) {
    this.record = path.join(this.scratch, "smsc.record");
  }

  /** Starts the SMSC and the sink. @throws when a program is missing */
  static async open(folder: string, ports: Ports): Promise<Instruments> {
    for (const name of ["smsc", "esme", "http", "sink"]) accessSync(path.join(folder, name));
    const tools = new Instruments(folder, ports);
    const at = (port: number) => `127.0.0.1:${port}`;
    const kept = ["-record", tools.record, "-quiet"];
    tools.start("smsc", ["-addr", at(ports.smsc), "-stats", at(ports.smscStats), "-dlr-delay", "500", ...kept]);
    tools.start("sink", ["-addr", at(ports.sink), "-key", "id"]);
    await tools.answer(() => tools.smsc());
    await tools.answer(() => tools.sink());
    return tools;
  }

  smsc = (): Promise<SmscStats> => json(`http://127.0.0.1:${this.ports.smscStats}/`);
  sink = (): Promise<SinkStats> => json(`http://127.0.0.1:${this.ports.sink}/__stats`);
  async reset(): Promise<void> {
    await fetch(`http://127.0.0.1:${this.ports.smscStats}/reset`, { method: "POST" });
    await fetch(`http://127.0.0.1:${this.ports.sink}/__reset`, { method: "POST" });
  }

  http = (flags: string[]): Promise<HttpResult> => this.run("http", flags);
  esme = (flags: string[]): Promise<EsmeResult> => this.run("esme", flags);

  async close(): Promise<void> {
    for (const child of this.running) {
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      await exit;
    }
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private start(name: string, flags: string[]): void {
    this.running.push(spawn(path.join(this.folder, name), flags, { stdio: "ignore" }));
  }

  private async run<T>(name: string, flags: string[]): Promise<T> {
    const child = spawn(path.join(this.folder, name), flags, { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err = `${err}${data}`.slice(-2_000);
    });
    await once(child, "close");
    try {
      return JSON.parse(out) as T;
    } catch {
      throw new Error(`${name} gave no result: ${out.slice(-500)} ${err}`);
    }
  }

  private async answer(ask: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await ask();
        return;
      } catch (error) {
        if (tries === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}

async function json<T>(url: string): Promise<T> {
  const response = await fetch(url);
  return (await response.json()) as T;
}
