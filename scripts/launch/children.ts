/** The processes of Banyan: in which order, with which command, and with which part of the environment. */
import { spawn } from "node:child_process";
import { type Env, processNames } from "#env.ts";
import type { Installation } from "#scripts/launch/installation.ts";
import { childOutput } from "#scripts/launch/output.ts";
import type { ChildPlan } from "#scripts/launch/supervise.ts";

export type Mode = "production" | "development";
export type Setting = Extract<keyof Env, string>;

/** Everything a child may be given, by setting; each child gets its own selection. */
export type Values = Partial<Record<Setting | "INNGEST_SERVE_ORIGIN", string>>;

const ports: Setting[] = ["HOST", "PORT", "WEB_PORT", "WORKFLOW_PORT", "SMPP_PORT", "SIMULATOR_PORT", "METRICS_PORT"];
const common: Setting[] = [
  ...ports,
  "METRICS_HOST",
  "NODE_ENV",
  "LOG_LEVEL",
  "BASE_URL",
  "DATA_DIR",
  "WIRE_TRACE_DAYS",
];
const database: Setting[] = ["DATABASE_URL", "DATABASE_DIRECT_URL", "DATABASE_POOL"];
const events: Setting[] = ["INNGEST_BASE_URL", "INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"];

/** Offset: the worker serves /health and /metrics at METRICS_PORT + offset. */
export const workers = {
  gateway: { offset: 0, settings: [...database, "DRAIN_SECONDS", "TRUSTED_PROXIES"] },
  "smpp-client": { offset: 1, settings: [...database, "ENCRYPTION_KEY", "OUTBOUND_PRIVATE"] },
  relay: { offset: 2, settings: [...database, ...events] },
  workflow: { offset: 3, settings: [...database, ...events, "WORKFLOW_CONCURRENCY"] },
  simulator: { offset: 4, settings: ["SIMULATOR_PASSWORD"] },
  "smpp-server": { offset: 5, settings: [...database, "SMPP_TLS_PORT", "SMPP_TLS_CERT", "SMPP_TLS_KEY"] },
  webhooks: { offset: 6, settings: [...database, "ENCRYPTION_KEY", "OUTBOUND_PRIVATE"] },
} as const satisfies Record<string, { offset: number; settings: Setting[] }>;

const webSettings = [
  ...database,
  ...events,
  "INNGEST_SERVE_ORIGIN",
  "ENCRYPTION_KEY",
  "AUTH_SECRET",
  "SMTP_URL",
  "MAIL_FROM",
  "OUTBOUND_PRIVATE",
] as const;

/** What any program needs from the machine to run at all. */
const machine = ["PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];

export type Order = {
  mode: Mode;
  values: Values;
  installation: Installation;
  withWorkflow: boolean;
  /** Which of them run here; all when it is empty. */
  processes: readonly string[];
  /** Whether the database answers: while it is away, no child is blamed for standing still. */
  isDatabaseUp(): Promise<boolean>;
};

const healthTimeoutMs = 5_000;
/** In development, a page that is compiled on a busy machine must not count as hanging. */
const hungAfterMs = { production: 60_000, development: 300_000 };

/**
 * Workers keep little and throw away much. Threads that help with that wait for the processors that other workers need, and
 * cost a tenth of all work where these are busy. And where a batch lives for tens of milliseconds, it is copied several
 * times in a young generation of the default size before it is garbage: another tenth. The SMPP server, which is open to
 * strangers, keeps the default: what they can make it use stays small.
 */
const collecting = (name: keyof typeof workers): string[] => [
  "--single-threaded-gc",
  ...(busyWithBatches.has(name) ? ["--min-semi-space-size=16", "--max-semi-space-size=64"] : []),
];
const busyWithBatches = new Set<string>(["gateway", "smpp-client", "webhooks"] satisfies (keyof typeof workers)[]);

/**
 * The same for the web face, which uploads lists and expands campaigns. Under the default bound, which is gigabytes, its
 * heap grows to four times what lives in it before anybody looks for garbage: half of its memory was that.
 */
const collectingWeb = [
  "--single-threaded-gc",
  "--min-semi-space-size=16",
  "--max-semi-space-size=32",
  "--max-old-space-size=1024",
];

/** In starting order, which is the order of their names in env.ts; they are stopped the other way round. */
export function childPlans(order: Order): ChildPlan[] {
  const metricsPort = Number(order.values.METRICS_PORT);
  const worker = (name: keyof typeof workers) => {
    const { offset, settings } = workers[name];
    const entry = order.mode === "production" ? [`.build/workers/${name}/main.js`] : [`workers/${name}/main.ts`];
    const loader = order.mode === "production" ? ["--enable-source-maps"] : ["--import", "tsx"];
    const health = `http://127.0.0.1:${metricsPort + offset}/health`;
    return plan(order, name, [...collecting(name), ...loader, ...entry], [...common, ...settings], health);
  };
  return processNames
    .filter((name) => name !== "workflow" || order.withWorkflow)
    .filter((name) => runsHere(order.processes, name))
    .map((name) => (name === "web" ? webPlan(order) : worker(name)));
}

export const runsHere = (processes: readonly string[], name: string): boolean =>
  processes.length === 0 || processes.includes(name);

function webPlan(order: Order): ChildPlan {
  const { mode, values } = order;
  const next = ["node_modules/next/dist/bin/next", mode === "production" ? "start" : "dev"];
  const args = [
    ...(mode === "production" ? collectingWeb : []),
    "--import",
    "./scripts/launch/follow-parent.mjs",
    "--import",
    "./scripts/launch/end-promptly.mjs",
    ...next,
    "-H",
    "127.0.0.1",
    "-p",
    `${values.WEB_PORT}`,
  ];
  const health = `http://127.0.0.1:${values.WEB_PORT}/api/health`;
  return plan(order, "web", args, [...common, ...webSettings], health);
}

function plan(order: Order, name: string, args: string[], names: readonly string[], health: string): ChildPlan {
  const output = childOutput(name, order.installation.logDir);
  return {
    name,
    output,
    stopSignal: "SIGTERM",
    stopTimeoutMs: 32_000,
    lastResort: "SIGKILL",
    spawn() {
      // A process group of its own: Ctrl-C reaches the supervisor only, which stops the children in order.
      const child = spawn(process.execPath, args, {
        env: selected(order.values, names),
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        detached: true,
      });
      output.attach(child.stdout, false);
      output.attach(child.stderr, true);
      return child;
    },
    isHealthy: async () => (await ask(health))?.status === 200,
    watch: {
      isAlive: async () => {
        const answer = await ask(health);
        const said = (await answer?.json().catch(() => null)) as { live?: boolean } | null | undefined;
        return said?.live === true;
      },
      isExcused: async () => !(await order.isDatabaseUp()),
      everyMs: 5_000,
      patienceMs: hungAfterMs[order.mode],
    },
  };
}

const ask = (url: string): Promise<Response | null> =>
  fetch(url, { signal: AbortSignal.timeout(healthTimeoutMs) }).catch(() => null);

function selected(values: Values, names: readonly string[]): NodeJS.ProcessEnv {
  const own = names.map((name) => [name, values[name as keyof Values]]);
  const machineOwn = machine.map((name) => [name, process.env[name]]);
  return Object.fromEntries([...machineOwn, ...own].filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv;
}
