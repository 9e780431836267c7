/** Structured logs to stdout. Secrets are cut out by name, whatever object they arrive in; errors come without values. */
import pino, { type DestinationStream, type LevelWithSilent, type LoggerOptions } from "pino";
import { env } from "#env.ts";
import { loggedError } from "#server/kernel/log-error.ts";

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

/** @param sink standard output when left out */
export function makeLog(level: LevelWithSilent, sink?: DestinationStream) {
  const options: LoggerOptions = {
    level,
    base: undefined,
    serializers: { err: loggedError, error: loggedError },
    redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[hidden]" },
  };
  return sink ? pino(options, sink) : pino(options);
}

export const log = makeLog(env.LOG_LEVEL);
export type Log = typeof log;
