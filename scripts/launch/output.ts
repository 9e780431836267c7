/** What children print: all of it into bounded files, errors also to the terminal under the child's name. */
import { appendFileSync, existsSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";

export type Output = {
  attach(stream: Readable | null, isErrorStream: boolean): void;
  /** The last line that looked like an error, for the message when it does not start. */
  lastError(): string;
  file: string;
};

const maxFileBytes = 10 * 1024 * 1024;
const keptFiles = 3;
const started = Date.now();

/** Progress: seconds since the start, then what happens. */
export function say(text: string): void {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${text}\n`);
}

/** @param readable turns one printed line into what a person should see in the terminal, or null for nothing */
export function childOutput(
  name: string,
  logDir: string,
  readable: (line: string, isErrorStream: boolean) => string | null = errorsOnly,
): Output {
  const file = path.join(logDir, `${name}.log`);
  let sizeBytes = existsSync(file) ? statSync(file).size : 0;
  let last = "";
  const take = (line: string, isErrorStream: boolean) => {
    const row = `${line}\n`;
    sizeBytes += Buffer.byteLength(row);
    if (sizeBytes > maxFileBytes) {
      rotate(file);
      sizeBytes = Buffer.byteLength(row);
    }
    appendFileSync(file, row, { mode: 0o600 });
    const text = readable(line, isErrorStream);
    if (!text) return;
    last = text;
    process.stderr.write(`[${name}] ${text}\n`);
  };
  return {
    file,
    lastError: () => last,
    attach(stream, isErrorStream) {
      let rest = "";
      stream?.setEncoding("utf8").on("data", (data: string) => {
        const lines = (rest + data).split("\n");
        rest = (lines.pop() ?? "").slice(-64_000);
        for (const line of lines) if (line.trim()) take(line, isErrorStream);
      });
      stream?.on("end", () => rest.trim() && take(rest, isErrorStream));
    },
  };
}

/** name.log → name.log.1 → name.log.2, the oldest is overwritten. */
function rotate(file: string): void {
  for (let n = keptFiles - 1; n >= 1; n--) {
    const from = n === 1 ? file : `${file}.${n - 1}`;
    if (existsSync(from)) renameSync(from, `${file}.${n}`);
  }
}

/** Structured lines from level error on (pino: 50), and anything on the error stream that is not structured. */
function errorsOnly(line: string, isErrorStream: boolean): string | null {
  if (!line.startsWith("{")) return isErrorStream ? line : null;
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if ((entry.level ?? 0) < 50) return null;
    return [entry.msg, entry.err?.message].filter(Boolean).join(": ");
  } catch {
    return isErrorStream ? line : null;
  }
}

/** Postgres logs every statement a client got wrong; only its own distress belongs in the terminal. */
export const panicsOnly = (line: string): string | null => (line.includes("PANIC:") ? line : null);
