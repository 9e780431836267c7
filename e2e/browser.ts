/** The browser of the journeys: it comes with npm, so that a machine without one, and without a way to get one, can test. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import chromium from "@sparticuz/chromium";

export type Browser = { executablePath: string; env: Record<string, string> };

/** Unpacks it at the first call. The libraries and fonts that it brings are used where the machine has none. */
export async function unpackBrowser(): Promise<Browser> {
  const executablePath = await chromium.executablePath();
  const env: Record<string, string> = {};
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_PATH = path.join(path.dirname(executablePath), "fonts");
  if (!starts(executablePath, env)) {
    const bin = path.join(path.dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "../bin");
    env.LD_LIBRARY_PATH = unpackLibraries(path.join(bin, "al2023.tar.br"), path.dirname(executablePath));
  }
  return { executablePath, env };
}

/** The package unpacks them in its own cloud only. @returns their folder */
function unpackLibraries(archive: string, folder: string): string {
  const target = path.join(folder, "al2023");
  mkdirSync(target, { recursive: true });
  execFileSync("tar", ["-x", "-C", target], { input: brotliDecompressSync(readFileSync(archive)) });
  return path.join(target, "lib");
}

function starts(executablePath: string, env: Record<string, string>): boolean {
  try {
    execFileSync(executablePath, ["--version"], { env: { ...process.env, ...env }, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
