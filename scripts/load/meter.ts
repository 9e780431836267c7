/** What the product's processes use while something runs: processor time and peak memory of each. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpuSeconds, cpuSecondsBelow, type Product, peakMemoryMib } from "#scripts/load/product.ts";

export type Usage = {
  /** Processor seconds by process. */
  cpuSeconds: Record<string, number>;
  /** The most resident memory of each, in MiB. */
  peakMib: Record<string, number>;
  /** The most that all had together at one moment, in MiB; what Postgres's connections share is counted once. */
  peakTotalMib: number;
};

const sampleEveryMs = 1_000;

/** @returns a function that ends the measurement. A process that was replaced meanwhile counts from its start. */
export function meter(product: Product): () => Usage {
  const processes = product.processes();
  const before = new Map([...processes].map(([name, pid]) => [name, cpuOf(name, pid)]));
  for (const pid of processes.values()) forgetPeak(pid);
  let peakTotalMib = 0;
  let postgresMib = 0;
  const sample = () => {
    const postgres = postgresMemoryMib(processes.get("postgres"));
    postgresMib = Math.max(postgresMib, postgres);
    const own = [...processes].filter(([name]) => name !== "postgres");
    const total = own.reduce((sum, [, pid]) => sum + (statusMib(pid, "VmRSS") ?? 0), postgres);
    peakTotalMib = Math.max(peakTotalMib, total);
  };
  sample();
  const timer = setInterval(sample, sampleEveryMs);
  return () => {
    clearInterval(timer);
    sample();
    const now = product.processes();
    const used = [...now].map(([name, pid]) => {
      const earlier = processes.get(name) === pid ? (before.get(name) ?? 0) : 0;
      return [name, cpuOf(name, pid) - earlier] as const;
    });
    const peaks = [...now].map(
      ([name, pid]) => [name, name === "postgres" ? postgresMib : peakMemoryMib(pid)] as const,
    );
    return {
      cpuSeconds: Object.fromEntries(used),
      peakMib: Object.fromEntries(peaks.map(([name, mib]) => [name, Math.round(mib)])),
      peakTotalMib: Math.round(peakTotalMib),
    };
  };
}

/** The supervisor's children have rows of their own. */
const cpuOf = (name: string, pid: number): number => (name === "supervisor" ? cpuSeconds(pid) : cpuSecondsBelow(pid));

/** Linux counts the peak anew from here; where it may not be asked to, the peak since the start counts. */
function forgetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
  } catch {
    return;
  }
}

function postgresMemoryMib(postmaster: number | undefined): number {
  if (!postmaster) return 0;
  let own = 0;
  let shared = 0;
  let files = 0;
  for (const pid of descendantsOf(postmaster)) {
    own += statusMib(pid, "RssAnon") ?? 0;
    shared = Math.max(shared, statusMib(pid, "RssShmem") ?? 0);
    files = Math.max(files, statusMib(pid, "RssFile") ?? 0);
  }
  return own + shared + files;
}

/** The process and all below it, as they are now. */
function descendantsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
    return [pid, ...children.flatMap((child) => descendantsOf(Number(child)))];
  } catch {
    return [];
  }
}

/** Null when the process has ended. */
function statusMib(pid: number, field: string): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return null;
  }
}
