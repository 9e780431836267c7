/** The table of figures: medians over the repetitions, and how many times as fast as others in the same run. Pure. */
import { medianOf, type Percentiles, tenths } from "#scripts/load/figures.ts";

/** One repetition of one scenario by one system. */
export type Run = {
  scenario: string;
  system: string;
  isPeer: boolean;
  messages: number;
  /** From the first request to the last receipt or callback. */
  perSecond: number;
  acceptedPerSecond: number | null;
  latencyMs: Percentiles | null;
  /** Processor seconds of all the system's processes, its database included. */
  cpuPerThousand: number;
  /** All processes together at one moment. */
  peakMib: number;
  /** The process with the most memory. */
  most: { name: string; mib: number } | null;
  notes: Record<string, string | number>;
};

export type Row = Omit<Run, "notes"> & {
  runs: number;
  /** The slowest and the fastest repetition. */
  range: [number, number];
  /** Ours: how many times as fast as the fastest of the others. A peer: how many times as fast as it we were. */
  ratio: number | null;
};

/** In the order in which scenarios and systems first appear. */
export function rowsOf(runs: readonly Run[]): Row[] {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.scenario} ${run.system}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const rows = [...groups.values()].flatMap((group) => rowOf(group) ?? []);
  return rows.map((row) => ({ ...row, ratio: ratioOf(row, rows) }));
}

function rowOf(group: readonly Run[]): Row | null {
  const [first] = group;
  if (!first) return null;
  const median = (read: (run: Run) => number | null | undefined) =>
    medianOf(group.map((run) => read(run) ?? Number.NaN));
  const rates = group.map((run) => run.perSecond);
  const latencyMs = {
    p50: median((r) => r.latencyMs?.p50),
    p90: median((r) => r.latencyMs?.p90),
    p99: median((r) => r.latencyMs?.p99),
  };
  const most = group.reduce<Run["most"]>((so, { most }) => (most && most.mib > (so?.mib ?? 0) ? most : so), null);
  const { scenario, system, isPeer } = first;
  return {
    ...{ scenario, system, isPeer, most, runs: group.length },
    messages: median((run) => run.messages),
    perSecond: median((run) => run.perSecond),
    range: [Math.min(...rates), Math.max(...rates)],
    acceptedPerSecond: first.acceptedPerSecond === null ? null : median((run) => run.acceptedPerSecond),
    latencyMs: first.latencyMs && latencyMs,
    cpuPerThousand: median((run) => run.cpuPerThousand),
    peakMib: Math.max(...group.map((run) => run.peakMib)),
    ratio: null,
  };
}

function ratioOf(row: Row, rows: readonly Row[]): number | null {
  const same = rows.filter((other) => other.scenario === row.scenario && other.isPeer !== row.isPeer);
  if (same.length === 0) return null;
  const other = Math.max(...same.map((r) => r.perSecond));
  return row.isPeer ? other / row.perSecond : row.perSecond / other;
}

const heads = [
  "scenario",
  "system",
  "messages (runs)",
  "msg/s end to end (range)",
  "accepted/s",
  "p50 / p90 / p99 ms",
  "CPU s per 1,000",
  "peak MiB",
  "largest process",
  "× the other",
];

/** Markdown, as docs/benchmarks.md takes it. */
export function markdownOf(rows: readonly Row[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function cellsOf(row: Row): string[] {
  const { latencyMs, most, range, runs } = row;
  const whole = (n: number) => Math.round(n).toLocaleString("en");
  return [
    row.scenario,
    row.system,
    `${whole(row.messages)} (${runs})`,
    `${whole(row.perSecond)}${runs > 1 ? ` (${whole(range[0])}–${whole(range[1])})` : ""}`,
    row.acceptedPerSecond === null ? "" : whole(row.acceptedPerSecond),
    latencyMs ? `${latencyMs.p50} / ${latencyMs.p90} / ${latencyMs.p99}` : "",
    row.cpuPerThousand.toFixed(2),
    `${row.peakMib}`,
    most ? `${most.name} ${most.mib}` : "",
    row.ratio === null ? "" : `${tenths(row.ratio)}`,
  ];
}
