/** Structured logs to stdout. Secrets are cut out by name, whatever object they arrive in. */
import pino from "pino";
import { env } from "#env.ts";

const secretNames = [
  "password",
  "passwordHash",
  "passwordSealed",
  "key",
  "keyHash",
  "token",
  "secret",
  "authorization",
  "cookie",
];

export const log = pino({
  level: env.LOG_LEVEL,
  base: undefined,
  redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
});
export type Log = typeof log;
