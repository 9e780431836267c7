/** What a process holds in memory now. Linux only, as the runs that need it. */
import { readFileSync } from "node:fs";

/** Resident, in MiB. */
export function residentMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
