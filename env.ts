/** The only reader of process.env: every setting, validated once at start, with one clear line when one is wrong. */
import { z } from "zod";

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);
const flag = (fallback: boolean) =>
  z
    .enum(["0", "1", "true", "false"])
    .default(fallback ? "1" : "0")
    .transform((value) => value === "1" || value === "true");

const list = () =>
  z
    .string()
    .default("")
    .transform((value) =>
      value
        .split(",")
        .map((entry) => entry.trim())
        .filter(Boolean),
    );

const range = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const areRanges = (entries: string[]): boolean => entries.every((entry) => range.safeParse(entry).success);

export const processNames = [
  "workflow",
  "web",
  "gateway",
  "relay",
  "simulator",
  "smpp-client",
  "smpp-server",
  "webhooks",
] as const;

const settings = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  /** The one public address: gateway in front, web behind it. */
  PORT: port(3000),
  HOST: z.string().default("127.0.0.1"),
  /** Addresses and CIDR ranges, separated by commas, of proxies in front (TLS): their X-Forwarded-* headers are believed. */
  TRUSTED_PROXIES: list().refine(areRanges, "must be addresses or CIDR ranges, for example 10.0.0.0/8"),
  /** Names, addresses and ranges in private networks, each alone or with :port, that carriers and webhooks may be in. */
  OUTBOUND_PRIVATE: list(),
  /** Internal ports, loopback only. */
  WEB_PORT: port(3001),
  WORKFLOW_PORT: port(3002),
  SMPP_PORT: port(2775),
  /** SMPP over TLS: opened when the certificate's and the key's files (PEM) are named, too. */
  SMPP_TLS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  SMPP_TLS_CERT: z.string().optional(),
  SMPP_TLS_KEY: z.string().optional(),
  SIMULATOR_PORT: port(2776),
  /** What binds to the built-in simulator must give; npm start makes one per installation. At most 8 (SMPP 3.4, 4.1.1). */
  SIMULATOR_PASSWORD: z.string().min(1).max(8).optional(),
  /** Each worker serves /health and /metrics at METRICS_PORT + its own offset. */
  METRICS_PORT: port(3010),
  METRICS_HOST: z.string().default("127.0.0.1"),
  /** Which processes npm start runs here, separated by commas; all of them when it is empty. */
  PROCESSES: list().refine((names) => names.every((name) => processNames.some((one) => one === name)), {
    message: `must be some of ${processNames.join(", ")}`,
  }),
  /** From SIGTERM until the gateway takes no more connections: as long as a balancer takes to see /health answer 503. */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(20).default(0),
  /** Public base address used in e-mails and next-auth; defaults to http://localhost:PORT. */
  BASE_URL: z.url().optional(),
  DATABASE_URL: z.string().startsWith("postgres").default("postgres://banyan:banyan@127.0.0.1:5432/banyan"),
  /**
   * Past the pooler, straight to the server, as the owner of the tables: for LISTEN, migrations and dropping days. Set it
   * where DATABASE_URL leads through a pooler in transaction mode.
   */
  DATABASE_DIRECT_URL: z.string().startsWith("postgres").optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(6),
  DATA_DIR: z.string().default(".data"),
  /** Calls that the embedded workflow server makes to the app at the same time. */
  WORKFLOW_CONCURRENCY: z.coerce.number().int().min(1).max(500).default(16),
  INNGEST_BASE_URL: z.url().optional(),
  INNGEST_EVENT_KEY: z.string().min(8).optional(),
  INNGEST_SIGNING_KEY: z.string().min(8).optional(),
  /** 32 bytes in base64: encrypts carrier passwords and other secrets at rest (AES-256-GCM). */
  ENCRYPTION_KEY: z
    .string()
    .refine((value) => Buffer.from(value, "base64").length === 32, "must be 32 bytes in base64")
    .optional(),
  /** Signs sessions. */
  AUTH_SECRET: z.string().min(16).optional(),
  SMTP_URL: z.string().startsWith("smtp").optional(),
  MAIL_FROM: z.string().default("no-reply@localhost"),
  /** Days for which it is kept what clients and carriers sent and were answered, octet by octet; 0 = not at all. */
  WIRE_TRACE_DAYS: z.coerce.number().int().min(0).max(30).default(3),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DEMO: flag(true),
});

export type Env = z.infer<typeof settings>;

/** Reads and checks the settings. Throws one Error whose message names every wrong setting on one line. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const blanksRemoved = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(blanksRemoved);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Settings are wrong: ${wrong.join("; ")}`);
}

export const env: Env = readEnv();
