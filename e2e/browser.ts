/** The browser of the journeys: it comes with npm, so that a machine without one, and without a way to get one, can test. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import chromium, { inflate } from "@sparticuz/chromium";

export type Browser = { executablePath: string; env: Record<string, string> };

/** Unpacks it at the first call. The libraries and fonts that it brings are used where the machine has none. */
export async function unpackBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  const env: Record<string, string> = {};
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_PATH = path.join(path.dirname(executablePath), "fonts");
  if (!starts(executablePath, env)) {
    const bin = path.join(path.dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../bin");
    env.LD_LIBRARY_PATH = path.join(await inflate(path.join(bin, "al2023.tar.br")), "lib");
  }
  return { executablePath, env };
}

function starts(executablePath: string, env: Record<string, string>): boolean {
  try {
    execFileSync(executablePath, ["--version"], { env: { ...process.env, ...env }, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
