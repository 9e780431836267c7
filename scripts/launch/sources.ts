/** A digest of everything the build reads: when it changes, the next start builds again. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folders = ["app", "db", "public", "server", "workers"];
const files = ["env.ts", "proxy.ts", "next.config.ts", "postcss.config.mjs", "tsconfig.json", "package-lock.json"];

export function sourcesDigest(): string {
  const hash = createHash("sha256").update(process.version);
  const all = [...folders.flatMap(filesBelow), ...files.filter((file) => existsSync(file))];
  for (const file of all.sort()) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts") && !entry.name.endsWith(".sql"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
