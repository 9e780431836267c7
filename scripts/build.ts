/** `npm run build`: the web face by next build, the workers by esbuild into .build (they start in a blink that way). */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build as esbuild } from "esbuild";
import { sourcesDigest } from "#scripts/launch/sources.ts";

const outDir = ".build";
const stamp = `${outDir}/sources.sha256`;

/** True when .build and .next were made from the sources that are here now. */
export function isBuilt(): boolean {
  return existsSync(stamp) && existsSync(".next/BUILD_ID") && readFileSync(stamp, "utf8") === sourcesDigest();
}

/** @throws with the end of what next build said */
export async function build(stop?: AbortSignal): Promise<void> {
  const digest = sourcesDigest();
  rmSync(outDir, { recursive: true, force: true });
  await Promise.all([buildWeb(stop), buildWorkers()]);
  mkdirSync(outDir, { recursive: true });
  writeFileSync(stamp, digest);
}

async function buildWeb(stop?: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    signal: stop,
  });
  let said = "";
  const keep = (data: Buffer) => {
    said = (said + data).slice(-8_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`The web build failed:\n${said.trim()}`);
}

/** Every workers/<name>/main.ts becomes .build/workers/<name>/main.js; packages stay in node_modules. */
async function buildWorkers(): Promise<void> {
  const names = readdirSync("workers").filter((name) => existsSync(`workers/${name}/main.ts`));
  await esbuild({
    entryPoints: names.map((name) => `workers/${name}/main.ts`),
    outdir: outDir,
    outbase: ".",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
    plugins: [
      {
        name: "packages stay outside",
        setup({ onResolve }) {
          onResolve({ filter: /^[^.#/]/ }, (args) => (args.kind === "entry-point" ? null : { external: true }));
        },
      },
    ],
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await build();
